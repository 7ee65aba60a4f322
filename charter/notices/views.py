"""The page of messages: the newest of the outbox, and the wording of each kind."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for

from charter.core import clock
from charter.core.actor import Role, current
from charter.core.db import act, ask
from charter.core.i18n import N_
from charter.core.routes import page
from charter.core.settings import current as settings
from charter.notices import approving, listing, service
from charter.notices.rules import parts

__all__ = ["bp"]

bp = Blueprint("notices", __name__, template_folder="templates")
CITY = frozenset({Role.CITY_ORGANIZER})
PAGE = 100
STATES = {"waiting": N_("等待发送"), "sending": N_("正在发送"), "sent": N_("已发送"), "failed": N_("没有发出"),
          "withdrawn": N_("已被新的代替"), "listed": N_("改打电话")}
APPROVAL = {"draft": N_("还没报审"), "submitted": N_("审核中"), "approved": N_("已通过"), "refused": N_("没通过")}
KINDS = {
    "sign_in_code": N_("登录验证码"), "seat_given": N_("座位已确定"), "called_off": N_("班次取消"),
    "delayed": N_("班次晚点"),
    "pass_again": N_("重发乘车码"), "registration_received": N_("收到报名"), "phone_changed": N_("换了手机号"),
    "seat_ended": N_("座位已退"), "request_confirmed": N_("报名已确认"), "request_refused": N_("报名未通过"),
    "case_kept": N_("重复报名：由本单位接"), "case_ended": N_("重复报名：不由本单位接"),
    "case_decided": N_("重复报名：告知工友"),
    "crew_welcome": N_("带车报名"), "crew_duty": N_("带车任务"), "crew_swap": N_("换班请求"),
    "ask_coming": N_("出发前询问"),
}


@page(bp, "/desk/notices", roles=CITY)
def outbox() -> str:
    """The newest messages: kind, last four digits, how it went."""
    state = request.args.get("state", "") if request.args.get("state") in STATES else ""
    template = request.args.get("kind", "") if request.args.get("kind") in service.templates() else ""
    written = request.args.get("page", "1")
    number = min(max(int(written), 1), 1_000) if written.isascii() and written.isdecimal() else 1
    rows = ask(listing.messages, current(), state=state, template=template, limit=PAGE, offset=(number - 1) * PAGE)
    return render_template(
        "notices/outbox.html", rows=rows[:PAGE], more=len(rows) > PAGE, page=number, state=state, kind=template,
        counts=ask(listing.counts, current(), clock.now()), states=STATES, kinds=KINDS,
        wordings=service.templates(), local=settings().sms == "local", fen=settings().sms_part_fen)


@page(bp, "/desk/notices/templates", roles=CITY)
def template_list() -> str:
    """Every template, what the provider says of it, and its cost by parts."""
    wordings = service.templates()
    return render_template("notices/templates.html", states=ask(approving.states), wordings=wordings, kinds=KINDS,
                           words=APPROVAL, parts={name: parts(text["zh"]) for name, text in wordings.items()},
                           local=settings().sms == "local")


@page(bp, "/desk/notices/templates/<name>", roles=CITY, methods=("POST",))
def template_state(name: str) -> Any:
    """Write down what the provider says of a template."""
    state = request.form.get("state", "")
    act(approving.set_state, name, state if state in APPROVAL else "draft",
        request.form.get("provider_id", "").strip()[:40], request.form.get("note", "").strip()[:200])
    return redirect(url_for("notices.template_list"), 303)


@page(bp, "/desk/notices/calls", roles=CITY)
def calls() -> str:
    """Who has to be called, because a template is not approved."""
    return render_template("notices/calls.html", rows=act(approving.listed, current()))


@page(bp, "/desk/notices/calls/<uuid:message_id>", roles=CITY, methods=("POST",))
def called(message_id: UUID) -> Any:
    """Somebody was told by phone."""
    act(approving.called, message_id, current())
    return redirect(url_for("notices.calls"), 303)
