"""Which column holds which field, by the words of the header row."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

__all__ = ["FIELDS", "KEY", "KEY_FIELDS", "POSITION", "ROW_KEY", "Columns", "Words", "find_columns",
           "placed_columns", "plain", "shipped_words", "words_with"]

FIELDS = ("name", "id_type", "id_number", "phone", "origin", "earliest", "latest", "modes", "party", "needs", "note")
KEY = "key"  # only by a caller's own heading: which row of an earlier list this was; no part of a worker
ROW_KEY = re.compile(r"([0-9a-f]{32})-([0-9]{1,7})")  # as it stands in that column
KEY_FIELDS = ("name", "id_number", "phone")  # a row in which all three are empty is no person
PERSONAL = frozenset({"name", "id_type", "id_number", "phone", "origin"})
BOTH_DATES = "both_dates"
CONFIG = Path(__file__).resolve().parents[3] / "config" / "roster_headers.toml"

BRACKETED = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|\{[^{}]*\}|<[^<>]*>|"
                       r"【[^【】]*】|〔[^〔〕]*〕|《[^《》]*》|「[^「」]*」")
MARKS = re.compile(r"[\W_]+")
LATIN = re.compile(r"[0-9a-z]+")
PARTS = re.compile(r"[/／、|｜\\]")
POSITION = re.compile(r"#([1-9][0-9]{0,3})")  # a column by its number, in an employer's own words


@dataclass(frozen=True, slots=True)
class Words:
    """Plain heading -> field, and the words that mark other people's columns. `own` are an employer's decisions."""

    meanings: Mapping[str, str]
    prefixes: tuple[str, ...]
    others: tuple[str, ...]
    own: Mapping[str, str] = field(default_factory=dict)
    positions: Mapping[int, str] = field(default_factory=dict)  # column from 0 -> field, for a list without a header

    def meaning(self, heading: str) -> str | None:
        """The field that a heading means, `both_dates`, or a field after `?` that only counts where no better column
        stands; None for any other column."""
        bare = plain(heading[:200])
        if bare in self.own:
            return self.own[bare] or None
        found = self._one(bare) or self._agreed(PARTS.split(_without_brackets(heading[:200]))) or self._agreed(
            ("".join(LATIN.findall(bare)), LATIN.sub("", bare)))
        if found is None or (found.lstrip("?") in PERSONAL and self.of_others(heading)):
            return None
        return found

    def of_others(self, heading: str) -> bool:
        """Whether a heading, its bracketed text too, speaks of somebody who is not the worker."""
        whole = MARKS.sub("", unicodedata.normalize("NFKC", heading[:200])).casefold()
        return any(word in whole for word in self.others)

    def _one(self, bare: str) -> str | None:
        for prefix in ("", *self.prefixes):
            if bare.startswith(prefix) and (found := self.meanings.get(bare[len(prefix):])) is not None:
                return found
        return None

    def _agreed(self, parts: Iterable[str]) -> str | None:
        """What 姓名/Name and 手机、电话 mean: every part by itself the same."""
        found = [self._one(plain(part)) for part in parts]
        return found[0] if len(found) > 1 and len(set(found)) == 1 else None


@dataclass(frozen=True, slots=True)
class Columns:
    """Where the fields of a list stand: `places` field -> column from 0, `headings` field -> as written, `unread` the
    headings of columns that are not read."""

    places: Mapping[str, int]
    headings: Mapping[str, str]
    unread: tuple[str, ...] = field(default=())


def _without_brackets(text: str) -> str:
    text = unicodedata.normalize("NFKC", text)
    while (shorter := BRACKETED.sub("", text)) != text:
        text = shorter
    return text


def plain(text: str) -> str:
    """A heading in the form that is compared: narrow, lower case, letters and digits only, without bracketed text
    unless there is nothing else."""
    return (MARKS.sub("", _without_brackets(text)) or MARKS.sub("", unicodedata.normalize("NFKC", text))).casefold()


@cache
def shipped_words() -> Words:
    """The words of config/roster_headers.toml."""
    with CONFIG.open("rb") as file:
        config = tomllib.load(file)
    meanings = {plain(word): f"?{meaning}" for meaning, words in config["fallbacks"].items() for word in words}
    meanings |= {plain(word): BOTH_DATES for word in config[BOTH_DATES]["words"]}
    meanings |= {plain(word): meaning for meaning, words in config["fields"].items() for word in words}
    prefixes = tuple(sorted((plain(word) for word in config["prefixes"]), key=len, reverse=True))
    return Words(meanings, prefixes, tuple(plain(word) for word in config["others"]))


def words_with(mapping: Mapping[str, str]) -> Words:
    """The shipped words and an employer's own: heading -> field, "" for a column that is not to be read. "#1" names
    the first column of a list that has no header, and so on."""
    shipped = shipped_words()
    numbered = {heading: found for heading in mapping if (found := POSITION.fullmatch(heading))}
    own = {plain(heading): meaning for heading, meaning in mapping.items() if heading not in numbered}
    positions = {int(found[1]) - 1: mapping[heading] for heading, found in numbered.items() if mapping[heading]}
    return Words(shipped.meanings, shipped.prefixes, shipped.others, own, positions)


def placed_columns(words: Words) -> Columns | None:
    """The columns of a list without a header, as the employer said; None where that does not make a list."""
    places: dict[str, int] = {}
    for column, meaning in sorted(words.positions.items()):
        places.setdefault(meaning, column)
    if "name" not in places or not ("id_number" in places or "phone" in places):
        return None
    return Columns(places, {name: f"#{column + 1}" for name, column in places.items()})


def find_columns(headings: Mapping[int, str], words: Words, foreign: Iterable[int] = ()) -> Columns | None:
    """The columns, where this row is a header: it has the name and an ID number or a phone. `foreign` are the columns
    that the heading above gives to other people."""
    skipped = set(foreign)
    meanings = {column: None if column in skipped else words.meaning(heading)
                for column, heading in sorted(headings.items()) if heading.strip()}
    places: dict[str, int] = {}
    for column, meaning in meanings.items():
        if meaning is not None:
            places.setdefault(meaning, column)
    _settle(places)
    if "name" not in places or not ("id_number" in places or "phone" in places):
        return None
    unread = tuple(headings[column] for column in meanings if column not in places.values())
    return Columns(places, {name: headings[column] for name, column in places.items()}, unread)


def _settle(places: dict[str, int]) -> None:
    """One date column is both ends of the window, and fallbacks count, where nothing better stands there."""
    if (date_column := places.pop(BOTH_DATES, None)) is not None:
        for end in ("earliest", "latest"):
            places.setdefault(end, date_column)
    for fallback in [meaning for meaning in places if meaning.startswith("?")]:
        places.setdefault(fallback[1:], places.pop(fallback))
