"""The one reader of JSON bodies: UTF-8, one object, no duplicate keys, no NaN, at most 32 deep, clean text."""

from __future__ import annotations

import json
import re
from typing import Any

from charter.core.problems import Problem

__all__ = ["BadJson", "read_object"]

MAX_DEPTH = 32
MAX_DIGITS = 25  # a longer whole number is nothing that we count
TOKENS = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"?|[\[{\]}]', re.DOTALL)  # texts whole, so that a bracket in one is none
NO_LETTER = re.compile("[\x00\ud800-\udfff]")


class BadJson(Problem):
    status, code, message = 400, "bad_json", "请求内容不是有效的 JSON 对象"


def read_object(raw: bytes) -> dict[str, Any]:
    """The object that `raw` writes. Raises BadJson for everything else."""
    try:
        text = raw.decode("utf-8", errors="strict")
        _check_depth(text)
        found = json.loads(text, object_pairs_hook=_object, parse_constant=_refuse, parse_int=_integer,
                           parse_float=_number)
    except (ValueError, RecursionError) as error:
        raise BadJson from error
    if not isinstance(found, dict):
        raise BadJson
    _check_text(found)
    return found


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise ValueError("a key stands twice")
    return made


def _refuse(name: str) -> Any:
    raise ValueError(name)


def _integer(digits: str) -> int:
    if len(digits) > MAX_DIGITS:
        raise ValueError("number too long")
    return int(digits)


def _number(digits: str) -> float:
    found = float(digits)
    if found in (float("inf"), float("-inf")):
        raise ValueError("number out of range")
    return found


def _check_depth(text: str) -> None:
    depth = 0
    for found in TOKENS.finditer(text):
        letter = found[0][0]
        if letter in "[{":
            depth += 1
            if depth > MAX_DEPTH:
                raise ValueError("too deep")
        elif letter in "]}":
            depth -= 1


def _check_text(value: Any) -> None:
    if isinstance(value, str):
        if NO_LETTER.search(value):
            raise BadJson
    elif isinstance(value, dict):
        for key, inner in value.items():
            _check_text(key)
            _check_text(inner)
    elif isinstance(value, list):
        for inner in value:
            _check_text(inner)
