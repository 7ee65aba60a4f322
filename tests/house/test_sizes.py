"""Files of at most 400 lines and functions of at most 40; each exception has its reason."""

from __future__ import annotations

import ast
from pathlib import Path

import charter

ROOMS = Path(charter.__path__[0])
FILES: dict[str, str] = {}
FUNCTIONS: dict[str, str] = {}


def python_files():
    return [path for path in sorted(ROOMS.rglob("*.py")) if "__pycache__" not in path.parts]


def test_no_file_is_too_long():
    long = [f"{path.relative_to(ROOMS)}" for path in python_files()
            if len(path.read_text(encoding="utf-8").splitlines()) > 400]
    assert [name for name in long if name not in FILES] == []


def test_no_function_is_too_long():
    long = []
    for path in python_files():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef) and (node.end_lineno or 0) - node.lineno + 1 > 40:
                long.append(f"{path.relative_to(ROOMS)}:{node.name}")
    assert [name for name in long if name not in FUNCTIONS] == []


def test_every_room_says_what_it_is_for():
    silent = [path.name for path in ROOMS.iterdir() if (path / "__init__.py").exists()
              and not ast.get_docstring(ast.parse((path / "__init__.py").read_text(encoding="utf-8")))]
    assert silent == []
