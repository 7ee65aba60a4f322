"""The security manager's pages: when personal data go and what holds it; and the keys' renewal by the administrator."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import redirect, render_template, request, url_for

from charter.access.service import keeping
from charter.access.views.blueprint import bp
from charter.core import clock, rotation
from charter.core.actor import Role
from charter.core.db import act, ask
from charter.core.forms import Form, Reader
from charter.core.problems import Invalid
from charter.core.routes import page

__all__ = ["bp"]

SECURITY = frozenset({Role.SECURITY_MANAGER})


@page(bp, "/desk/privacy", roles=SECURITY)
def privacy() -> str:
    """When personal data are deleted, what is due, and who ordered that nothing is deleted."""
    return _privacy(None)


def _privacy(form: Form | None) -> str:
    return render_template("access/privacy.html", groups=ask(keeping.states), holds=ask(keeping.holds),
                           form=form or Form.of({"ordered_by": "", "document": "", "until": ""}), today=clock.today())


@page(bp, "/desk/privacy/hold", roles=SECURITY, methods=("POST",))
def hold_deletion() -> Any:
    """Nothing is deleted until a day."""
    form = Form.sent(request.form)
    try:
        fields = Reader(form.values)
        ordered_by, document, until = fields.text("ordered_by", 80), fields.text("document", 80), fields.day("until")
        fields.done()
        act(keeping.hold, ordered_by, document, until)
    except Invalid as problem:
        return _privacy(form.refused(problem)), problem.status
    return redirect(url_for("access.privacy"), 303)


@page(bp, "/desk/privacy/holds/<uuid:hold_id>/end", roles=SECURITY, methods=("POST",))
def end_hold(hold_id: UUID) -> Any:
    """Deletion goes on."""
    act(keeping.end_hold, hold_id)
    return redirect(url_for("access.privacy"), 303)


@page(bp, "/desk/privacy/rules/<name>", roles=SECURITY, methods=("POST",))
def deletion_days(name: str) -> Any:
    """After how many days a group of fields goes."""
    form = Form.sent(request.form)
    try:
        fields = Reader(form.values)
        days, document = fields.whole("days", keeping.LEAST_DAYS, 3_650), fields.text("order", 80)
        fields.done()
        act(keeping.set_days, name, days, document)
    except Invalid as problem:
        return _privacy(form.refused(problem)), problem.status
    return redirect(url_for("access.privacy"), 303)


@page(bp, "/desk/system/reseal", roles={Role.ADMINISTRATOR}, methods=("POST",))
def reseal() -> Any:
    """Have everything sealed with the active key."""
    act(rotation.start)
    return redirect(url_for("access.system"), 303)
