"""A search for a person: the words never stand in an address, only sealed for the one who searches.

A phone, a document's number or its last four, a name, its pinyin or its initials.
"""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from charter.access.service import limits
from charter.core import audit, clock
from charter.core.actor import Actor
from charter.core.i18n import N_
from charter.core.problems import FieldProblem, Invalid, Problem
from charter.core.sealed import SealedField
from charter.people.models import Worker, WorkerDocument
from charter.people.rules.documents import ID_TYPES, judge_id
from charter.people.rules.phones import judge_phone
from charter.people.sealing import document_tag, phone_tag

__all__ = ["Search", "TooManySearches", "begin", "matching", "opened"]

WORDS = SealedField("people_search", "words")
LIFE = timedelta(hours=12)
MAX_WORDS = 60
AN_HOUR = 400  # searches of one account: a busy hotline, no harvester


class TooManySearches(Problem):
    status, code, message = 429, "rate_limited", N_("查找太频繁，请过一会儿再试")


@dataclass(frozen=True, slots=True)
class Search:
    """What is looked for. `shown` may stand on a page: of a phone or a document the last four only."""

    kind: str  # phone, document, tail, name
    words: str
    shown: str
    token: str


def begin(session: Session, actor: Actor, written: str) -> str:
    """The text that carries the search in an address; who searched, and by what kind, is written down.

    Raises Invalid for too few or too many letters, TooManySearches.
    """
    words = " ".join(written.split())
    if not words:
        return ""
    if len(words) > MAX_WORDS:
        raise Invalid(errors=[FieldProblem("words", "too_long", N_("内容太长"))])
    if not limits.take(session, f"people_search|{actor.caller}", times=AN_HOUR, within=timedelta(hours=1)):
        raise TooManySearches
    audit.record(session, "people.searched", "account", actor.caller, kind=_kind(words))
    stamped = f"{int(clock.now().timestamp())}|{words}"
    return base64.urlsafe_b64encode(WORDS.seal(actor.caller, stamped)).decode().rstrip("=")


def opened(actor: Actor, token: str) -> Search | None:
    """The search that a token carries; None for another's, a changed or an old one."""
    if not token or len(token) > 600:
        return None
    try:
        raw = base64.urlsafe_b64decode(token.encode("ascii") + b"=" * (-len(token) % 4))
        stamp, _, words = WORDS.open_bytes(actor.caller, raw).decode().partition("|")
    except (ValueError, UnicodeError):
        return None
    if clock.now().timestamp() - int(stamp) > LIFE.total_seconds():
        return None
    kind = _kind(words)
    return Search(kind, words, "***" + words[-4:] if kind in ("phone", "document") else words, token)


def _kind(words: str) -> str:
    if judge_phone(words).value:
        return "phone"
    if _documents(words):
        return "document"
    return "tail" if re.fullmatch(r"[0-9]{3}[0-9Xx]", words) else "name"


def _documents(words: str) -> list[bytes]:
    """The tags of every document that these letters may be the whole number of."""
    bare = words.replace(" ", "")
    if not (7 <= len(bare) <= 20 and any(letter.isdigit() for letter in bare)):
        return []
    found = [judge_id(bare, kind, today=clock.today()).value for kind in (None, *ID_TYPES)]
    return sorted({document_tag(one.id_type, one.number) for one in found if one is not None})


def matching(search: Search) -> ColumnElement[bool]:
    """The searched people, as a condition on Worker."""
    if search.kind == "phone":
        return Worker.phone_tag == phone_tag(str(judge_phone(search.words).value))
    if search.kind in ("document", "tail"):
        which = (WorkerDocument.tag.in_(_documents(search.words)) if search.kind == "document"
                 else WorkerDocument.last_four == search.words.upper())
        return Worker.id.in_(select(WorkerDocument.worker_id).where(which))
    letters = re.sub(r"[\s'-]", "", search.words).lower()
    if letters.isascii():
        start = func.strpos(func.concat(" ", Worker.name_pinyin), f" {letters}") > 0
        return or_(start, func.strpos(Worker.name_pinyin, letters) > 0) if len(letters) > 2 else start
    return func.strpos(Worker.name, search.words.replace(" ", "")) > 0
