"""Every text is Chinese in the code and has its English in the room's catalogue."""

from __future__ import annotations

import re
from pathlib import Path

from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

import charter

ROOMS = Path(charter.__path__[0])
PLACES = re.compile(r"%\((\w+)\)s")
METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2")]
KEYWORDS = {"_": None, "N_": None, "gettext": None}


def said():
    """Room and message of every text in code and templates."""
    for room in sorted(path.parent for path in ROOMS.glob("*/__init__.py")):
        for found in extract_from_dir(room, METHODS, keywords=KEYWORDS):
            if isinstance(found[2], str) and found[2]:
                yield room.name, found[2]


def catalogue():
    known = {}
    for path in ROOMS.glob("*/translations/en.po"):
        with path.open("rb") as file:
            known.update({str(entry.id): str(entry.string) for entry in read_po(file) if entry.id})
    return known


def test_every_message_is_chinese_and_has_its_english():
    known = catalogue()
    messages = list(said())
    assert len(messages) > 100
    silent = sorted({f"{room}: {message}" for room, message in messages if not known.get(message)})
    assert silent == []
    foreign = sorted({message for _, message in messages if not re.search("[\u4e00-\u9fff]", message)})
    assert foreign == []


def test_the_english_keeps_every_place_and_no_chinese():
    wrong = [message for message, english in catalogue().items()
             if set(PLACES.findall(message)) != set(PLACES.findall(english))]
    assert wrong == []
    left = [english for english in catalogue().values() if re.search("[\u4e00-\u9fff]", english)]
    assert [english for english in left if len(re.findall("[\u4e00-\u9fff]", english)) > 12] == []


def test_no_catalogues_header_has_slipped_into_a_text():
    assert [english for english in catalogue().values() if "charset=" in english or "Plural-Forms" in english] == []
