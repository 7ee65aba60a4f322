"""The frame of the JSON API: strict bodies, answers, idempotent creation, problem documents."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec, TypeVar

from flask import Blueprint, Response, g, request
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError
from sqlalchemy.orm import Session
from werkzeug.exceptions import RequestEntityTooLarge

from charter.core import paging
from charter.core.actor import Actor, Role
from charter.core.db import act
from charter.core.i18n import N_, gettext
from charter.core.idempotency import Once, keeping
from charter.core.problems import FieldProblem, Invalid, Problem
from charter.core.routes import Route, add
from charter.core.strict_json import BadJson, read_object

__all__ = ["Answer", "Body", "TooLarge", "UnsupportedMediaType", "actor", "answered", "call", "create", "json_response",
           "json_text", "page_wanted",
           "problem_document"]

P = ParamSpec("P")
T = TypeVar("T")
F = TypeVar("F", bound=Callable[..., Any])
MAX_BODY = 4_000_000


class Body(BaseModel):
    """A request body: strict types, no unknown fields."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Nothing(Body):
    """The body of a call that takes none: absent, or an empty object."""


class Answer(BaseModel):
    """An answer body."""

    model_config = ConfigDict(from_attributes=True)


class UnsupportedMediaType(Problem):
    status, code, message = 415, "unsupported_media_type", "请求内容类型应为 application/json"


class TooLarge(Problem):
    status, code, message = 413, "too_large", "请求内容太大"


def actor() -> Actor:
    """The caller of this request."""
    found: Actor = g.actor
    return found


def call(bp: Blueprint, method: str, rule: str, *, roles: frozenset[Role] | set[Role], answer: Any = None,
         body: type[BaseModel] | None = None, status: int = 200, creates: bool = False, query: tuple[str, ...] = (),
         sends_form: bool = False, revoked_too: bool = False, max_body: int | None = None) -> Callable[[F], F]:
    """An API call. The view gets `body` (parsed) where one is declared, and the path's values; it returns a value
    (model, dict, list) or a Response. The caller is known, and allowed, before the body is read.
    """
    def enter(view: F) -> F:
        @functools.wraps(view)
        def served(**path: Any) -> Response:
            if body is not None:
                path["body"] = _read(body)
            elif method != "GET" and not sends_form:
                _read(Nothing)
            found = view(**path)
            return found if isinstance(found, Response) else answered(found, status)
        route = Route(f"{bp.name}.{view.__name__}", rule, (method,), frozenset(roles), "api", body, answer, status,
                      (view.__doc__ or "").strip().split("\n")[0], creates, query, sends_form, revoked_too,
                      max_body)
        add(bp, route, served)
        return view
    return enter


def _read(model: type[BaseModel]) -> BaseModel:
    if request.mimetype == "" and not request.content_length and "Transfer-Encoding" not in request.headers:
        raw = b"{}"
    elif request.mimetype != "application/json":
        raise UnsupportedMediaType
    else:
        raw = raw_body()
    read_object(raw)
    try:
        return model.model_validate_json(raw)
    except ValidationError as error:
        raise Invalid(errors=[_field_problem(found) for found in error.errors(include_url=False)]) from error


def raw_body() -> bytes:
    """The body's bytes. Raises TooLarge, BadJson for other encodings' marks."""
    charset = request.mimetype_params.get("charset", "utf-8").lower()
    if charset not in ("utf-8", "utf8"):
        raise BadJson
    try:
        return request.get_data(cache=True)
    except RequestEntityTooLarge as error:
        raise TooLarge from error


CODES = {"missing": ("missing", N_("必须填写")), "extra_forbidden": ("unknown_field", N_("没有这个字段")),
         "string_too_long": ("too_long", N_("内容太长"))}


def _field_problem(found: Any) -> FieldProblem:
    code, message = CODES.get(found["type"], ("invalid", N_("内容无效")))
    return FieldProblem(".".join(str(part) for part in found["loc"]), code, message)


_adapters: dict[type, TypeAdapter[Any]] = {}  # making one takes longer than using it


def plain(value: Any) -> Any:
    """Any answer as a JSON value."""
    kind = type(value)
    adapter = _adapters.get(kind) or _adapters.setdefault(kind, TypeAdapter(kind))
    return adapter.dump_python(value, mode="json")


def answered(value: Any, status: int = 200) -> Response:
    """A JSON response, never stored by anybody."""
    return json_response(json_text(value), status)


def json_text(value: Any) -> bytes:
    """Any answer as JSON text."""
    return json.dumps(plain(value), ensure_ascii=False, separators=(",", ":")).encode()


def json_response(text: bytes, status: int = 200) -> Response:
    """JSON text as a response."""
    return Response(text, status, content_type="application/json; charset=utf-8")


def create(status: int, show: Callable[[Session, T], Any], service: Callable[Concatenate[Session, P], T], /,
           *args: P.args, **kwargs: P.kwargs) -> Response:
    """One creating act: `service`, then `show(session, value)` as its answer, once per Idempotency-Key."""
    def serve(session: Session) -> Any:
        return plain(show(session, service(session, *args, **kwargs)))

    key = request.headers.get("Idempotency-Key")
    if key is None:
        return answered(act(serve), status)
    fingerprint = g.get("fingerprint") or request.get_data(cache=True)
    once = Once.of(actor().caller, f"{request.method} {request.path}"[:120], key, fingerprint)

    def kept(session: Session) -> tuple[int, Any]:
        return keeping(session, once, status, serve)
    given, value = act(kept)
    return answered(value, given)


def page_wanted() -> paging.Paging:
    """?cursor= and ?limit= of this request."""
    return paging.wanted(request.args.to_dict(), caller=actor().caller, route=request.path)


def problem_document(problem: Problem) -> Response:
    """RFC 9457."""
    body: dict[str, Any] = {"type": "about:blank", "title": gettext(problem.message, **problem.params),
                            "status": problem.status, "code": problem.code}
    body.update(problem.extra)
    if problem.errors:
        body["errors"] = [{"field": found.field, "code": found.code, "message": gettext(found.message, **found.params)}
                          for found in problem.errors]
    text = json.dumps(body, ensure_ascii=False, default=str)
    response = Response(text, problem.status, content_type="application/problem+json; charset=utf-8")
    if problem.status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    if "retry_after" in problem.extra:
        response.headers["Retry-After"] = str(problem.extra["retry_after"])
    return response
