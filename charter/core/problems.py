"""Problems: what an act may refuse, with a stable code and words for a person.

Never imports Flask or a database: pure rules raise these too. Words are Chinese message ids with %(name)s places;
`core.i18n` turns them into the reader's language at the edge.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

__all__ = ["FieldProblem", "Invalid", "NotFound", "Problem", "Repair"]


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """What is wrong with one field: its stable code, and a Chinese message id with its values."""

    field: str
    code: str
    message: str
    params: Mapping[str, Any] = dataclasses.field(default_factory=dict)

    def text(self) -> str:
        """The message in Chinese, its places filled."""
        return self.message % self.params if self.params else self.message


@dataclass(frozen=True, slots=True)
class Repair:
    """A safe change that was made to one field as written."""

    field: str
    before: str
    after: str
    code: str


class Problem(Exception):
    """An act was refused. `status` is the HTTP status, `code` the stable name, `message` a Chinese message id."""

    status: ClassVar[int] = 409
    code: ClassVar[str] = "conflict"
    message: ClassVar[str] = "现在不能这样操作"

    def __init__(self, *, errors: Sequence[FieldProblem] = (), params: Mapping[str, Any] | None = None,
                 **extra: Any) -> None:
        super().__init__(self.code)
        self.errors = tuple(errors)
        self.params = dict(params or {})
        self.extra = extra  # further members of the problem document, never personal data


class Invalid(Problem):
    """Something typed or sent is wrong; `errors` names each field."""

    status, code, message = 422, "invalid", "有内容需要修改"


class NotFound(Problem):
    """Missing and foreign alike."""

    status, code, message = 404, "not_found", "没有找到"
