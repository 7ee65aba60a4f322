"""Forms of the desk: what was typed is kept, what is wrong stands at its field, and nobody overwrites another unseen.

Each field carries beside its value what stood there when the page was made (`was_NAME`). An act compares that with the
row as it is now, under the row's lock; the second of two people sees what the first one made of it, and chooses.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from typing import Any

from charter.core import clock, money
from charter.core.i18n import N_, gettext
from charter.core.problems import FieldProblem, Invalid, Problem

__all__ = ["ChangedMeanwhile", "Form", "Reader", "still"]

MOST_FEN = 10**13


class ChangedMeanwhile(Problem):
    """Somebody else changed these fields since the page was made; `now` holds their present texts."""

    status, code, message = 409, "changed_meanwhile", N_("这些内容刚被别人改过，请核对后再保存一次")

    def __init__(self, now: Mapping[str, str]) -> None:
        super().__init__()
        self.now = dict(now)


def still(shown: Mapping[str, str], was: Mapping[str, str]) -> None:
    """The row still says what the form was made from. Raises ChangedMeanwhile with what changed."""
    now = {name: text for name, text in shown.items() if name in was and was[name] != text}
    if now:
        raise ChangedMeanwhile(now)


@dataclass(frozen=True, slots=True)
class Form:
    """A form's fields: `values` stand in them, `was` stood in them, `errors` and `now` (another's text) beside them."""

    values: Mapping[str, str]
    was: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)
    now: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, shown: Mapping[str, str]) -> Form:
        """The form as a row fills it."""
        return cls(shown, shown)

    @classmethod
    def sent(cls, fields: Mapping[str, str]) -> Form:
        """The form as it came back."""
        texts = {name: text.replace("\r\n", "\n") for name, text in fields.items() if name != "form_token"}
        return cls({name: text for name, text in texts.items() if not name.startswith("was_")},
                   {name.removeprefix("was_"): text for name, text in texts.items() if name.startswith("was_")})

    def refused(self, problem: Problem) -> Form:
        """The same form with what was wrong; saved again it counts as seen."""
        if isinstance(problem, ChangedMeanwhile):
            return replace(self, was={**self.was, **problem.now}, now=problem.now)
        return replace(self, errors={wrong.field: gettext(wrong.message, **wrong.params) for wrong in problem.errors}
                       or {"": gettext(problem.message, **problem.params)})


class Reader:
    """Reads typed texts into values and collects what is wrong; `done` raises Invalid with all of it."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        self._fields = fields
        self.errors: list[FieldProblem] = []

    def wrong(self, name: str, code: str, message: str, **params: Any) -> None:
        """Something is wrong with this field; the first complaint of a field counts."""
        if all(found.field != name for found in self.errors):
            self.errors.append(FieldProblem(name, code, message, params))

    def text(self, name: str, most: int, *, least: int = 1) -> str:
        """A text of `least` to `most` letters, blanks around it taken off."""
        found = " ".join(self._fields.get(name, "").split())
        if len(found) < least:
            self.wrong(name, "missing", N_("请填写这一项"))
        elif len(found) > most:
            self.wrong(name, "too_long", N_("最多 %(most)s 个字"), most=most)
        return found[:most]

    def whole(self, name: str, least: int, most: int) -> int:
        """A whole number."""
        found = self._fields.get(name, "").strip()
        if found.isascii() and found.isdecimal() and len(found) < 10 and least <= int(found) <= most:
            return int(found)
        self.wrong(name, "invalid", N_("请填写 %(least)s 到 %(most)s 的整数"), least=least, most=most)
        return least

    def fen(self, name: str, *, optional: bool = False) -> int | None:
        """Yuan as typed, as whole fen; None where it may be left empty and is."""
        found = self._fields.get(name, "").strip()
        if optional and not found:
            return None
        try:
            amount = money.fen(found)
        except ValueError:
            amount = -1
        if not 0 <= amount < MOST_FEN:
            self.wrong(name, "invalid", N_("请填写金额，最多两位小数"))
            return 0
        return amount

    def day(self, name: str) -> date:
        """A date as browsers send it."""
        try:
            return date.fromisoformat(self._fields.get(name, "").strip())
        except ValueError:
            self.wrong(name, "invalid", N_("请填写日期"))
            return date(1970, 1, 1)

    def moment(self, name: str) -> datetime:
        """A wall-clock time in Asia/Shanghai as browsers send it (2026-02-12T06:40)."""
        try:
            found = datetime.fromisoformat(self._fields.get(name, "").strip()).replace(tzinfo=None)
            return clock.at_local(found.date(), time(found.hour, found.minute))
        except ValueError:
            self.wrong(name, "invalid", N_("请填写日期和时间"))
            return clock.at_local(date(1970, 1, 1), time())

    def choice(self, name: str, words: Iterable[str]) -> str:
        """One of these words."""
        found, known = self._fields.get(name, ""), list(words)
        if found in known:
            return found
        self.wrong(name, "invalid", N_("请选择一项"))
        return known[0] if known else ""

    def tick(self, name: str) -> bool:
        """Whether a box is ticked."""
        return self._fields.get(name, "") == "1"

    def done(self) -> None:
        """Raises Invalid where anything was wrong."""
        if self.errors:
            raise Invalid(errors=self.errors)
