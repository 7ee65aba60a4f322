"""What can be wrong about messages."""

from __future__ import annotations

from charter.core.i18n import N_
from charter.core.problems import Problem

__all__ = ["BadSignature", "TemplateNotApproved"]


class TemplateNotApproved(Problem):
    """The provider has not approved a template that is needed."""

    status, code = 409, "template_not_approved"
    message = N_("短信模板还没有通过审核，发不出去。请等审核通过，或者选择改打电话")


class BadSignature(Problem):
    """A call of the texting service is not signed with our secret, or too old."""

    status, code, message = 403, "bad_signature", N_("签名不对")
