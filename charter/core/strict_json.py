"""The one reader of JSON bodies: UTF-8, one object, no duplicate keys, no NaN, at most 32 deep, clean text."""

from __future__ import annotations

import json
import re
from typing import Any

from charter.core.problems import Problem

__all__ = ["BadJson", "read_object"]

MAX_DEPTH = 32
MAX_DIGITS = 25  # a longer whole number is nothing that we count
NO_LETTER = re.compile("[\x00\ud800-\udfff]")


class BadJson(Problem):
    status, code, message = 400, "bad_json", "请求内容不是有效的 JSON 对象"


def read_object(raw: bytes) -> dict[str, Any]:
    """The object that `raw` writes. Raises BadJson for everything else."""
    try:
        text = raw.decode("utf-8", errors="strict")
        found = json.loads(text, object_pairs_hook=_object, parse_constant=_refuse, parse_int=_integer,
                           parse_float=_number)
    except (ValueError, RecursionError) as error:
        raise BadJson from error
    if not isinstance(found, dict):
        raise BadJson
    if text.count("[") + text.count("{") > MAX_DEPTH:
        _check_depth(found, 1)
    if "\\u" in text:  # the one way in for such a letter: it stands in no UTF-8, and bare control letters in no text
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


def _check_depth(value: dict[str, Any] | list[Any], depth: int) -> None:
    if depth > MAX_DEPTH:
        raise BadJson
    for inner in value.values() if isinstance(value, dict) else value:
        if isinstance(inner, dict | list):
            _check_depth(inner, depth + 1)


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
