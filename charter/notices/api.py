"""Calls of the texting service: receipts and answers, signed with the secret that we share with it."""

from __future__ import annotations

from flask import Blueprint, request
from pydantic import Field

from charter.core.api import Answer, Body, call
from charter.core.db import act
from charter.core.routes import PUBLIC
from charter.notices import receiving

__all__ = ["bp"]

bp = Blueprint("notices_api", __name__)


class ReceiptBody(Body):
    """What became of one message; `id` is the service's own number for it."""

    id: str = Field(min_length=1, max_length=80)
    delivered: bool
    code: str = Field(default="", max_length=40)


class AnswerBody(Body):
    """What somebody answered: the service's number for it, his number, his words."""

    id: str = Field(min_length=1, max_length=80)
    sender: str = Field(alias="from", pattern=r"^(\+86)?1[3-9][0-9]{9}$")
    text: str = Field(max_length=500)


class Taken(Answer):
    """Whether it was new and known."""

    taken: bool


@call(bp, "POST", "/api/v1/sms/receipts", roles=PUBLIC, body=ReceiptBody, answer=Taken)
def receipts(body: ReceiptBody) -> Taken:
    """A message reached its phone, or did not."""
    _check()
    return Taken(taken=act(receiving.receipt, body.id, body.delivered, body.code))


@call(bp, "POST", "/api/v1/sms/answers", roles=PUBLIC, body=AnswerBody, answer=Taken)
def answers(body: AnswerBody) -> Taken:
    """Somebody answered a message."""
    _check()
    return Taken(taken=act(receiving.hear, body.id, body.sender, body.text))


def _check() -> None:
    sent = request.headers
    receiving.check(request.get_data(), sent.get("webhook-id", ""), sent.get("webhook-timestamp", ""),
                    sent.get("webhook-signature", ""))
