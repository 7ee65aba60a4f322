"""Wiring: the Flask application out of all rooms. Nobody imports this but the servers, the commands and the tests."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Flask, g, request, url_for

from charter import health
from charter.access import scopes, system
from charter.campaigns.naming import campaign_names
from charter.core import openapi, routes, web
from charter.core.actor import Actor, Role
from charter.core.i18n import N_
from charter.passes.key_states import key_lines
from charter.rooms import ROOMS

__all__ = ["create_app"]

ORGANIZERS = frozenset({Role.CITY_ORGANIZER, Role.DISTRICT_ORGANIZER})
MONEY = ORGANIZERS | {Role.FUNDS_AUDITOR}
LISTS = ORGANIZERS | {Role.EMPLOYER, Role.ORIGIN_PARTNER}
MENU: tuple[tuple[str, str, frozenset[Role]], ...] = (  # label, endpoint, who sees it: the order of the work
    (N_("总览"), "insight.overview", ORGANIZERS),
    (N_("需求"), "insight.demand", ORGANIZERS),
    (N_("人员"), "bookings_desk.people", LISTS | {Role.HOTLINE, Role.FUNDS_AUDITOR}),
    (N_("名单"), "rosters.batches", LISTS),
    (N_("报名二维码"), "passes.poster", frozenset({Role.EMPLOYER})),
    (N_("运力"), "campaigns.setup", frozenset({Role.CITY_ORGANIZER})),
    (N_("方案"), "planning.plans", frozenset({Role.CITY_ORGANIZER})),
    (N_("班次"), "insight.departures", ORGANIZERS | {Role.VOLUNTEER, Role.HOTLINE}),
    (N_("现场"), "live.board", ORGANIZERS),
    (N_("带车"), "crew.crew", ORGANIZERS),
    (N_("候补"), "waiting.lines", ORGANIZERS | {Role.HOTLINE}),
    (N_("回电"), "link.calls", ORGANIZERS | {Role.HOTLINE}),
    (N_("值班台"), "duty.cases", ORGANIZERS | {Role.HOTLINE}),
    (N_("出发前电话"), "round.calls", LISTS | {Role.HOTLINE}),
    (N_("乘车检票"), "boarding.volunteer", frozenset({Role.VOLUNTEER})),
    (N_("经费"), "funding.costs", MONEY),
    (N_("通知"), "notices.outbox", frozenset({Role.CITY_ORGANIZER})),
    (N_("报表"), "insight.report", MONEY),
    (N_("企业"), "access.employers", ORGANIZERS),
    (N_("账号"), "access.accounts", frozenset({Role.SECURITY_MANAGER})),
    (N_("保存期限"), "access.privacy", frozenset({Role.SECURITY_MANAGER})),
    (N_("系统"), "access.system", frozenset({Role.ADMINISTRATOR})),
    (N_("审计日志"), "access.audit_log", frozenset({Role.AUDITOR})),
)


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """One entry of the desk's rail."""

    label: str
    url: str
    here: bool


def create_app(*, trusted_proxies: int = 0, propagate_faults: bool = False) -> Flask:
    """The application. Database and keys are bound by the caller (`charter.core.db.bind`, `sealed.configure`)."""
    from charter.access.service.sessions import by_cookie  # the one place that knows how callers are known
    from charter.access.service.tokens import by_token

    app = Flask("charter", static_folder=None, template_folder=None)
    app.config.update(MAX_CONTENT_LENGTH=4_000_000, MAX_FORM_PARTS=2_000, PROPAGATE_FAULTS=propagate_faults,
                      SESSION_COOKIE_HTTPONLY=True, SESSION_COOKIE_SECURE=True, SESSION_COOKIE_SAMESITE="Lax")
    app.json.sort_keys = False  # type: ignore[attr-defined]
    if trusted_proxies:
        from werkzeug.middleware.proxy_fix import ProxyFix
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=trusted_proxies, x_proto=trusted_proxies,  # type: ignore[method-assign]
                                x_host=0, x_port=0, x_prefix=0)
    web.install(app)
    for room in ROOMS:
        app.register_blueprint(room)
    app.register_blueprint(openapi.bp)
    app.register_blueprint(health.bp)
    routes.install(app, by_cookie=by_cookie, by_token=by_token,
                   doors=routes.Doors(sign_in="access.sign_in", step_up="access.step_up"))
    scopes.offer("campaign", campaign_names)
    system.offer(key_lines)
    app.context_processor(lambda: {"menu": _menu, "me": _me})
    return app


def _me() -> Actor:
    found: Actor = g.actor
    return found


def _menu() -> list[MenuEntry]:
    known: dict[str, Any] = routes.ROUTES
    entries = [(label, endpoint, url_for(endpoint)) for label, endpoint, roles in MENU
               if _me().role in roles and endpoint in known]
    here = _here([(endpoint, url) for _, endpoint, url in entries])
    return [MenuEntry(label, url, endpoint == here) for label, endpoint, url in entries]


def _here(entries: list[tuple[str, str]]) -> str | None:
    """The entry that this page belongs to: the one itself, or under whose address it lies, or the first of its room."""
    under = [(len(url), endpoint) for endpoint, url in entries
             if endpoint == request.endpoint or (request.path.startswith(url + "/") and url.count("/") > 1)]
    room = (request.endpoint or "").split(".")[0]
    return max(under)[1] if under else next((one for one, _ in entries if one.split(".")[0] == room), None)
