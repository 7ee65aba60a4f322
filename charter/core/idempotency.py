"""Idempotency keys: the answer of a creating act is kept in the act's own transaction, by caller, route and key."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import DateTime, LargeBinary, SmallInteger, String, delete, select
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from charter.core import clock
from charter.core.db import Base
from charter.core.i18n import N_
from charter.core.problems import FieldProblem, Invalid, Problem

__all__ = ["IdempotencyMismatch", "KeptAnswer", "Once", "keeping", "remove_old"]

T = TypeVar("T")
KEPT = timedelta(days=2)


class KeptAnswer(Base):
    """One key of one caller on one route, and what was answered."""

    __tablename__ = "kept_answer"

    caller: Mapped[str] = mapped_column(String(64), primary_key=True)
    route: Mapped[str] = mapped_column(String(120), primary_key=True)
    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    body_hash: Mapped[bytes] = mapped_column(LargeBinary)
    status: Mapped[int | None] = mapped_column(SmallInteger)
    answer: Mapped[Any] = mapped_column(JSONB, nullable=True)
    made_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), index=True)


class IdempotencyMismatch(Problem):
    status, code, message = 409, "idempotency_mismatch", "这个幂等键已用于另一个请求"


@dataclass(frozen=True, slots=True)
class Once:
    """One use of a key. `of` raises Invalid where the key is not 1 to 200 visible ASCII letters."""

    caller: str
    route: str
    key: str
    body_hash: bytes

    @classmethod
    def of(cls, caller: str, route: str, key: str, body: bytes) -> Once:
        if not 1 <= len(key) <= 200 or not all("!" <= letter <= "~" for letter in key):
            wrong = N_("幂等键应为 1 到 200 个可见 ASCII 字符")
            raise Invalid(errors=[FieldProblem("Idempotency-Key", "invalid", wrong)])
        return cls(caller, route, key, hashlib.sha256(body).digest())


def keeping(session: Session, once: Once, status: int, serve: Callable[[Session], Any]) -> tuple[int, Any]:
    """The kept answer of this key, or that of `serve(session)` (a JSON value), kept with the act.

    A second request with the key in flight waits on the first one's row. Raises IdempotencyMismatch.
    """
    fresh = session.execute(
        insert(KeptAnswer).values(caller=once.caller, route=once.route, key=once.key, body_hash=once.body_hash,
                                  made_at=clock.now())
        .on_conflict_do_nothing().returning(KeptAnswer.key)).first()
    where = (KeptAnswer.caller == once.caller, KeptAnswer.route == once.route, KeptAnswer.key == once.key)
    kept = session.scalars(select(KeptAnswer).where(*where)).one()
    if fresh is None:
        if kept.body_hash != once.body_hash:
            raise IdempotencyMismatch
        return kept.status or status, kept.answer
    answer = serve(session)
    kept.status, kept.answer = status, answer
    return status, answer


def remove_old(session: Session) -> None:
    """Forget the answers of keys that nobody will send again."""
    session.execute(delete(KeptAnswer).where(KeptAnswer.made_at < clock.now() - KEPT))
