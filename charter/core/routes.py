"""The table of all routes with the roles that may call them, and the guard that refuses whatever is not in it.

A page is called with the session cookie and a form token, an API call with a bearer token; rooms above register how a
cookie or a token becomes an actor.
"""

from __future__ import annotations

import functools
import hmac
import re
import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import Blueprint, Flask, Response, current_app, g, redirect, request, url_for
from pydantic import BaseModel
from werkzeug.exceptions import BadRequest, HTTPException, InternalServerError
from werkzeug.routing import RequestRedirect

from charter.core import i18n
from charter.core.actor import NOBODY, Actor, Forbidden, Role, Unauthenticated, acting
from charter.core.problems import NotFound, Problem
from charter.core.sealed import mac

__all__ = ["PUBLIC", "ROUTES", "Doors", "Route", "StalePage", "add", "csrf_token", "install", "own_path", "page",
           "session_cookie"]  # fmt: skip

F = TypeVar("F", bound=Callable[..., Any])
PUBLIC: frozenset[Role] = frozenset()  # an empty set of roles: anybody, nobody included


@dataclass(frozen=True, slots=True)
class Route:
    """One row of the table. `roles` PUBLIC means anybody; body, answer and status describe an API call."""

    endpoint: str
    rule: str
    methods: tuple[str, ...]
    roles: frozenset[Role]
    kind: str  # "page" or "api"
    body: type[BaseModel] | None = None
    answer: Any = None
    status: int = 200
    summary: str = ""
    creates: bool = False
    query: tuple[str, ...] = ()
    sends_form: bool = False
    revoked_too: bool = False  # a revoked scanner still reaches this one (evidence)
    max_body: int | None = None  # bytes, where a route takes more or less than the others
    fresh: bool = False  # a page that wants the second factor (else the password) shown within 15 minutes


ROUTES: dict[str, Route] = {}


class StalePage(Problem):
    status, code, message = 400, "stale_page", "页面已过期，请返回刷新后再试一次，您填写的内容没有提交"


def add(bp: Blueprint, route: Route, view: Callable[..., Any]) -> None:
    """Put a route into the table and on its blueprint. Raises ValueError for an endpoint that is there already."""
    if route.endpoint in ROUTES:
        raise ValueError(f"two routes are called {route.endpoint}")
    ROUTES[route.endpoint] = route
    bp.add_url_rule(route.rule, route.endpoint.split(".", 1)[1], view, methods=list(route.methods))


def page(bp: Blueprint, rule: str, *, roles: frozenset[Role] | set[Role], methods: tuple[str, ...] = ("GET",),
         max_body: int | None = None, fresh: bool = False) -> Callable[[F], F]:
    """A page for people. POST needs the form token, and answers by 303. `fresh`: who called must prove again who he
    is where that is more than 15 minutes ago.
    """
    def enter(view: F) -> F:
        endpoint = f"{bp.name}.{view.__name__}"
        summary = (view.__doc__ or "").strip().split("\n")[0]
        add(bp, Route(endpoint, rule, methods, frozenset(roles), "page", summary=summary, max_body=max_body,
                      fresh=fresh), view)
        return view
    return enter


Authenticator = Callable[[], Actor]


@dataclass(frozen=True, slots=True)
class Doors:
    """Endpoints that the guard sends people to: to sign in, and to prove again who they are."""

    sign_in: str
    step_up: str


def install(app: Flask, *, by_cookie: Authenticator, by_token: Callable[[bool], Actor], doors: Doors) -> None:
    """Guard every request of `app`: language, caller, permission, form token. Deny by default.

    `by_token(revoked_too)` and `by_cookie()` return an actor or NOBODY.
    """
    @app.before_request
    def guard() -> Any:
        i18n.use(_wanted_language())
        g.actor = NOBODY
        if request.endpoint is None or request.endpoint == "static" or request.endpoint.endswith(".static"):
            return _permit_unmatched(by_token, doors)
        route = ROUTES.get(request.endpoint)
        if route is None:
            raise InternalServerError("a route without a row in the table")
        if route.max_body is not None:
            request.max_content_length = route.max_body
        g.actor = by_token(route.revoked_too) if route.kind == "api" else by_cookie()
        g.acting = acting(g.actor)
        g.acting.__enter__()
        return _permit(route, g.actor, doors)

    @app.teardown_request
    def leave(_: BaseException | None) -> None:
        manager = g.pop("acting", None)
        if manager is not None:
            manager.__exit__(None, None, None)

    app.after_request(functools.partial(_visit_cookie, app))
    app.jinja_env.globals["csrf_token"] = csrf_token


def _permit_unmatched(by_token: Callable[[bool], Actor], doors: Doors) -> None:
    """An API address with an id that nothing can have: who asks comes before what is there, as with any other id."""
    for route in ROUTES.values():
        if route.kind == "api" and request.method in route.methods and _shape(route.rule).fullmatch(request.path):
            if route.roles:
                _permit(route, by_token(route.revoked_too), doors)
            raise NotFound


@functools.cache
def _shape(rule: str) -> re.Pattern[str]:
    return re.compile("[^/]+".join(re.escape(fixed) for fixed in re.split("<[^<>]+>", rule)))


def _permit(route: Route, actor: Actor, doors: Doors) -> Any:
    if route.roles and actor.role is None:
        if route.kind == "page":
            return _send_to(doors.sign_in)
        raise Unauthenticated
    if route.roles and actor.role not in route.roles:
        raise Forbidden
    if not _storable((request.view_args or {}).values()):
        raise NotFound
    if not _storable((*request.args.keys(), *request.args.values())):
        raise BadRequest
    if route.kind == "page" and request.method not in ("GET", "HEAD", "OPTIONS"):
        _check_form_token()
        if not _storable((*request.form.keys(), *request.form.values())):
            raise BadRequest
    if route.fresh and not actor.fresh:
        return _send_to(doors.step_up)
    return None


def _send_to(endpoint: str) -> Any:
    """Elsewhere first; a page that was only read is come back to."""
    onward = request.full_path.rstrip("?") if request.method == "GET" else request.form.get("back", "")
    values: dict[str, Any] = {"next": onward} if onward else {}
    return redirect(url_for(endpoint, **values), 303)


def own_path(written: str, otherwise: str = "/") -> str:
    """`written` where it is the path of one of our own pages that can be read, else `otherwise`."""
    path, mark, query = written.partition("?")
    if not path.startswith("/") or path.startswith("//") or not written.isprintable() or "\\" in written:
        return otherwise
    try:
        endpoint, _ = current_app.url_map.bind("").match(path, method="GET")
    except (HTTPException, RequestRedirect):
        return otherwise
    route = ROUTES.get(endpoint)
    return path + mark + query if route is not None and route.kind == "page" else otherwise


def _storable(values: Iterable[object]) -> bool:
    """Whether a database takes all these texts; what it does not take nobody has typed."""
    return not any(isinstance(value, str) and _UNSTORABLE.search(value) for value in values)


_UNSTORABLE = re.compile("[\0\ud800-\udfff]")


def _wanted_language() -> str:
    chosen = request.cookies.get("lang")
    if chosen in i18n.LANGUAGES:
        return chosen
    return request.accept_languages.best_match(["zh", "en"], default="zh") or "zh"


def session_cookie(name: str) -> str:
    """A cookie's name: with the __Host- prefix where the page came by https."""
    return f"__Host-{name}" if request.is_secure else name


def _visit() -> str:
    found = request.cookies.get(session_cookie("visit")) or g.get("visit")
    if not found or len(found) > 64:
        found = secrets.token_urlsafe(16)
        g.visit = found
    return str(found)


def csrf_token() -> str:
    """The token that each form of this browser carries."""
    return mac("csrf", _visit()).hex()


def _visit_cookie(_: Flask, response: Response) -> Response:
    if "visit" in g:
        response.set_cookie(session_cookie("visit"), g.visit, httponly=True, samesite="Lax",
                            secure=request.is_secure, path="/")
    return response


def _check_form_token() -> None:
    origin, site = request.headers.get("Origin"), request.headers.get("Sec-Fetch-Site")
    own = {None, f"{request.scheme}://{request.host}"}
    if site == "same-origin":
        own.add("null")  # what browsers send from our own forms, since our pages say "no-referrer"
    if site not in (None, "same-origin", "none") or origin not in own:
        raise StalePage
    sent = request.headers.get("X-Form-Token") or request.form.get("form_token", "")
    if not hmac.compare_digest(sent.encode(), csrf_token().encode()):
        raise StalePage
