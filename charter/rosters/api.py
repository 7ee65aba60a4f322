"""JSON of employers' lists: hand one in, look at it, take it or leave it, get the bad rows back."""

from __future__ import annotations

import hashlib
from contextlib import ExitStack
from uuid import UUID

from flask import Blueprint, Response, g, request
from sqlalchemy.orm import Session

from charter.core.api import Answer, Body, UnsupportedMediaType, actor, answered, call, create, page_wanted
from charter.core.db import act, ask
from charter.core.i18n import N_
from charter.core.problems import FieldProblem, Invalid
from charter.rosters import queries, service
from charter.rosters.downloads import WORKBOOK, attached
from charter.rosters.forms import (
    LISTERS,
    UPLOAD_BYTES,
    AbsentAnswer,
    BatchAnswer,
    RowAnswer,
    absent_answer,
    batch_answer,
    row_answer,
)

__all__ = ["bp"]

bp = Blueprint("rosters_api", __name__)


class RowsAnswer(Answer):
    """A page of rows."""

    items: list[RowAnswer]
    next: str | None


class AbsentPage(Answer):
    """A page of absent people."""

    items: list[AbsentAnswer]
    next: str | None


class CommitBody(Body):
    """`withdraw`: this is the whole list, who is absent from it is withdrawn."""

    withdraw: bool = False


@call(bp, "POST", "/api/v1/campaigns/<uuid:campaign_id>/rosters", roles=LISTERS, answer=BatchAnswer, status=202,
      creates=True, sends_form=True, max_body=UPLOAD_BYTES)
def upload_roster(campaign_id: UUID) -> Response:
    """Hand a list in; it is read by a job."""
    name, content, employer = _form()
    g.fingerprint = hashlib.sha256(content).digest() + f"{employer}\0{name}".encode("utf-8", "replace")
    return create(202, batch_answer, service.upload, actor(), campaign_id, employer, name, content)


def _form() -> tuple[str, bytes, str | None]:
    """The file's name and bytes, and the employer. Raises UnsupportedMediaType, Invalid."""
    if request.mimetype != "multipart/form-data":
        raise UnsupportedMediaType
    files, employers = request.files.getlist("file"), request.form.getlist("employer")
    with ExitStack() as closing:
        for _, one in request.files.items(multi=True):
            closing.enter_context(one.stream)
        wrong = _wrong(len(files), len(employers))
        if wrong:
            raise Invalid(errors=wrong)
        return files[0].filename or "", files[0].read(), employers[0].strip() if employers else None


def _wrong(files: int, employers: int) -> list[FieldProblem]:
    wrong = [FieldProblem(field, "unknown_field", N_("没有这个字段"))
             for field in [*request.form, *request.files] if field not in ("file", "employer")]
    if not files:
        wrong.append(FieldProblem("file", "missing", N_("请选择要上传的文件")))
    if files > 1:
        wrong.append(FieldProblem("file", "invalid", N_("这一项只能有一个")))
    if employers > 1 or "employer" in request.files:
        wrong.append(FieldProblem("employer", "invalid", N_("这一项只能有一个")))
    return wrong


@call(bp, "GET", "/api/v1/rosters/<uuid:batch_id>", roles=LISTERS, answer=BatchAnswer)
def show_roster(batch_id: UUID) -> Response:
    """A list with its state, progress and figures."""
    return answered(ask(lambda session: batch_answer(session, queries.batch(session, actor(), batch_id))))


@call(bp, "GET", "/api/v1/rosters/<uuid:batch_id>/rows", roles=LISTERS, answer=RowsAnswer,
      query=("cursor", "limit", "status", "change"))
def roster_rows(batch_id: UUID) -> RowsAnswer:
    """Its rows in the order of the file; `status` and `change` choose among them."""
    wanted = page_wanted()

    def found(session: Session) -> list[queries.RowView]:
        return queries.rows(session, queries.batch(session, actor(), batch_id), limit=wanted.limit,
                            after=int(wanted.after[0]) if wanted.after else -1,
                            statuses=request.args.getlist("status"), changes=request.args.getlist("change"))
    rows, cursor = wanted.page(ask(found), lambda row: [row.seq])
    return RowsAnswer(items=[row_answer(row) for row in rows], next=cursor)


@call(bp, "GET", "/api/v1/rosters/<uuid:batch_id>/absent", roles=LISTERS, answer=AbsentPage,
      query=("cursor", "limit"))
def roster_absent(batch_id: UUID) -> AbsentPage:
    """Who is not in the list, and would be withdrawn if it were the whole one."""
    wanted = page_wanted()
    place = int(wanted.after[0]) if wanted.after else 1

    def found(session: Session) -> list[queries.AbsentView]:
        return queries.absent_people(session, queries.batch(session, actor(), batch_id), limit=wanted.limit, page=place)
    people, cursor = wanted.page(ask(found), lambda _: [place + 1])
    return AbsentPage(items=[absent_answer(one) for one in people], next=cursor)


@call(bp, "GET", "/api/v1/rosters/<uuid:batch_id>/bad.xlsx", roles=LISTERS, answer=WORKBOOK)
def bad_rows(batch_id: UUID) -> Response:
    """The list as it came, its bad cells coloured and a column that says why, to mend and hand in again."""
    return attached(act(service.give_back, batch_id))


@call(bp, "POST", "/api/v1/rosters/<uuid:batch_id>/commit", roles=LISTERS, body=CommitBody, answer=BatchAnswer,
      status=202, creates=True)
def commit_roster(batch_id: UUID, body: CommitBody) -> Response:
    """Take the good rows."""
    return create(202, batch_answer, service.commit, batch_id, withdraw=body.withdraw)


@call(bp, "POST", "/api/v1/rosters/<uuid:batch_id>/cancel", roles=LISTERS, answer=BatchAnswer)
def cancel_roster(batch_id: UUID) -> BatchAnswer:
    """Leave the list."""
    return act(lambda session: batch_answer(session, service.cancel(session, batch_id)))
