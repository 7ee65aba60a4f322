"""The README tells every setting, every command and every room, and nothing that is not there."""

from __future__ import annotations

import re
from pathlib import Path

import click

import charter
from charter.app import create_app
from charter.cli import register
from charter.core import settings

ROOT = Path(charter.__path__[0]).parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def table(title: str) -> list[list[str]]:
    """The cells of the table under a heading, its head apart."""
    part = README.split(f"## {title}", 1)[1].split("\n## ", 1)[0]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in part.splitlines() if line.startswith("|")]
    return rows[2:]


def test_every_setting_is_told_with_its_default_and_meaning():
    told = {name.strip("`"): (default.strip("`"), meaning) for name, default, meaning in table("Settings")}
    assert told == {option.name: (option.default, option.meaning) for option in settings.TABLE}


def commands(group: click.Group, way: str = "") -> list[str]:
    found = []
    for name, command in group.commands.items():
        found += commands(command, f"{way}{name} ") if isinstance(command, click.Group) else [way + name]
    return found


def test_every_command_is_told():
    app = create_app()
    before = set(commands(app.cli))
    register(app)
    told = "\n".join(row[0] for row in table("Commands"))
    assert [name for name in commands(app.cli) if name not in before and f"wsgi {name}" not in told] == []


def test_every_make_target_that_people_use_is_told():
    targets = re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert [target for target in targets if f"`make {target}" not in README and f"make {target} " not in README] == []


def test_every_room_is_told():
    rooms = {path.name for path in (ROOT / "charter").iterdir() if (path / "__init__.py").exists()}
    told = {name for row in table("The rooms, from the top down") for name in re.findall(r"`(\w+)`", row[0])}
    assert rooms <= told
    assert all((ROOT / "charter" / name).exists() or (ROOT / "charter" / f"{name}.py").exists() for name in told)
