"""What places are called in the reader's language."""

from __future__ import annotations

from charter.core.i18n import language
from charter.places import table as places

__all__ = ["place_name"]


def place_name(code: str) -> str:
    """The county's written name, with its province."""
    found = places.load().get(code)
    if found is None:
        return code
    if language() == "en":
        return found.pinyin.capitalize()
    return places.load().full_name(code)
