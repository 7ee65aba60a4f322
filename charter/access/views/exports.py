"""The same lists as workbooks: what a page shows is what its file holds, and no more."""

from __future__ import annotations

from flask import Response, g, request
from sqlalchemy.orm import Session

from charter.access.queries import accounts as accounts_queries
from charter.access.queries import employers as employer_queries
from charter.access.queries import trail as trail_queries
from charter.access.views.accounts import filters as account_filters
from charter.access.views.blueprint import bp
from charter.access.views.managers import wanted
from charter.access.words import ROLES, SCOPES
from charter.core import audit
from charter.core.actor import ORGANIZERS, Role
from charter.core.db import act
from charter.core.i18n import N_, gettext
from charter.core.routes import page
from charter.core.workbook import Cell, attached, table

__all__ = ["bp"]

MOST = 20_000
STATES = {"active": N_("可用"), "ended": N_("已停用"), "expired": N_("已到期")}


def _book(name: str, title: str, header: list[str], lines: list[list[Cell]]) -> Response:
    return attached(table(gettext(title), [gettext(word) for word in header], lines), name)


def _told(session: Session, what: str, lines: list[list[Cell]]) -> list[list[Cell]]:
    audit.record(session, "list.exported", "list", what, rows=len(lines))
    return lines


@page(bp, "/desk/accounts.xlsx", roles={Role.SECURITY_MANAGER})
def accounts_book() -> Response:
    """Accounts, as filtered on the page."""
    return _book("accounts.xlsx", N_("账号"), [N_("用户名"), N_("姓名"), N_("角色"), N_("范围"), N_("手机令牌"),
                                             N_("最近登录"), N_("状态")], act(_accounts))


def _accounts(session: Session) -> list[list[Cell]]:
    rows = accounts_queries.accounts(session, g.actor, **account_filters(), limit=MOST)[:MOST]
    return _told(session, "accounts", [
        [row.username, row.name, gettext(ROLES[row.role]), row.scope_name or gettext(SCOPES[row.scope_kind]),
         gettext(N_("有") if row.second else N_("无")), row.last_sign_in_at, gettext(STATES[row.state])]
        for row in rows])


@page(bp, "/desk/employers.xlsx", roles=ORGANIZERS)
def employers_book() -> Response:
    """Employers, as filtered on the page."""
    return _book("employers.xlsx", N_("企业"), [N_("企业"), N_("统一社会信用代码"), N_("区"), N_("可登录的经办人")],
                 act(_employers))


def _employers(session: Session) -> list[list[Cell]]:
    rows = employer_queries.employers(session, g.actor, words=request.args.get("words", "")[:64].strip(), limit=MOST)
    return _told(session, "employers", [[row.name, row.credit_code, row.district, row.clerks] for row in rows[:MOST]])


@page(bp, "/desk/audit.xlsx", roles={Role.AUDITOR})
def audit_book() -> Response:
    """The trail, as filtered on the page; the newest 20,000 events."""
    return _book("audit.xlsx", N_("审计日志"), [N_("链上编号"), N_("时间"), N_("谁"), N_("角色"), N_("动作"),
                                            N_("对象"), N_("对象编号"), N_("理由"), N_("细节")], act(_trail))


def _trail(session: Session) -> list[list[Cell]]:
    rows = trail_queries.trail(session, wanted(), MOST)[:MOST]
    return _told(session, "audit", [
        [row.seal, row.at, row.username or row.actor, row.role, row.action, row.object_type, row.object_id, row.reason,
         " ".join(f"{name}={value}" for name, value in row.details.items())] for row in rows])
