"""Approval, quiet hours, limits per number, newer messages, receipts and answers: what a real provider asks for."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from bookings.factories import scene
from desk import sign_in, token
from notices.test_sending import PHONE, operator  # noqa: F401 - the fixture of a texting service
from sqlalchemy import select, update

from charter.core import clock, db, settings
from charter.core.outgoing import signature
from charter.notices import approving, receiving
from charter.notices.gateways import HttpsGateway, LocalGateway
from charter.notices.models import Inbound, Outbox
from charter.notices.problems import TemplateNotApproved
from charter.notices.rules import MOST_A_DAY
from charter.notices.sending import send_waiting
from charter.notices.service import tell

TRIP = {"name": "王敏", "departure": "巴中01", "moment": "2月12日 06:40", "stop": "南江客运站", "link": "A" * 38}


@pytest.fixture
def campaign(database):
    with db.transaction() as session:
        return scene(session).campaign


@pytest.fixture
def real(campaign):
    settings.use(settings.read({"CHARTER_SMS": "https://sms.example/send", "CHARTER_SMS_SECRET": "hush"}))
    return campaign


def seat(campaign, revision=1, about="trip|7", phone=PHONE):
    db.act(tell, phone, "seat_given", TRIP, unique_key=f"seat|{about}|{revision}", campaign_id=campaign.id, about=about)


def rows():
    with db.transaction(read_only=True) as session:
        return session.scalars(select(Outbox).order_by(Outbox.created_at)).all()


def test_a_newer_message_about_the_trip_withdraws_the_unsent_one(campaign):
    seat(campaign)
    seat(campaign, about="trip|8")
    seat(campaign, 2)
    assert [row.state for row in rows()] == ["withdrawn", "waiting", "waiting"]
    assert rows()[0].content_sealed is None
    assert send_waiting(LocalGateway()) == 2


def test_the_same_message_again_withdraws_nothing(campaign):
    seat(campaign)
    seat(campaign)
    assert [row.state for row in rows()] == ["waiting"]


def test_what_was_sent_is_not_withdrawn(campaign):
    seat(campaign)
    send_waiting(LocalGateway())
    seat(campaign, 2)
    assert [row.state for row in rows()] == ["sent", "waiting"]


def test_a_template_that_is_not_approved_is_not_sent_but_called(client, real, operator):  # noqa: F811
    seat(real)
    assert [row.state for row in rows()] == ["listed"]
    assert send_waiting(HttpsGateway(operator.address, operator.trust, loopback=True)) == 0
    desk = sign_in(client)
    page = desk.get("/desk/notices/calls").text
    assert PHONE in page
    assert "您的座位已确定" in page
    assert desk.post(f"/desk/notices/calls/{rows()[0].id}", data=token(desk, "/desk/notices")).status_code == 303
    assert PHONE not in desk.get("/desk/notices/calls").text
    assert rows()[0].content_sealed is None


def test_publishing_asks_for_approval_first(real):
    with pytest.raises(TemplateNotApproved):
        db.act(approving.require, ["seat_given"])
    db.act(approving.set_state, "seat_given", "approved", "SMS_1", "")
    db.act(approving.require, ["seat_given"])


def test_a_sign_in_code_needs_no_approval(real):
    db.act(tell, PHONE, "sign_in_code", {"code": "123456"}, unique_key="code")
    assert rows()[0].state == "waiting"


def test_the_providers_number_and_the_values_go_along(client, real, operator):  # noqa: F811
    desk = sign_in(client)
    assert desk.post("/desk/notices/templates/seat_given", data=token(desk, "/desk/notices") | {
        "state": "approved", "provider_id": "SMS_77", "note": ""}).status_code == 303
    seat(real)
    assert send_waiting(HttpsGateway(operator.address, operator.trust, loopback=True)) == 1
    assert operator.heard[0]["template"] == "SMS_77"
    assert operator.heard[0]["values"]["departure"] == "巴中01"
    assert rows()[0].values_sealed is None


def test_what_can_wait_is_written_for_the_morning(campaign):
    db.act(tell, PHONE, "request_confirmed", {"name": "王敏", "employer": "甲"}, unique_key="r",
           campaign_id=campaign.id)
    seat(campaign)
    waits, urgent = rows()
    assert 8 <= clock.local(waits.next_try_at).hour < 21
    assert urgent.next_try_at == urgent.created_at


def test_a_number_that_has_had_its_fill_waits_and_loses_no_try(campaign):
    for number in range(MOST_A_DAY + 1):
        seat(campaign, about=f"trip|{number}")
    with db.transaction() as session:
        first = session.scalars(select(Outbox.id).order_by(Outbox.created_at).limit(MOST_A_DAY)).all()
        session.execute(update(Outbox).where(Outbox.id.in_(first)).values(state="sent", sent_at=clock.now()))
    assert send_waiting(LocalGateway()) == 0
    last = next(row for row in rows() if row.state == "waiting")
    assert last.tries == 0
    assert last.next_try_at > clock.now() + timedelta(minutes=50)
    with clock.travel(timedelta(hours=25)):
        assert send_waiting(LocalGateway()) == 1


def signed(client, path, body, *, secret=b"hush", at=None, key="hook-1"):
    text = json.dumps(body).encode()
    at = int(clock.now().timestamp()) if at is None else at
    return client.post(f"/api/v1/sms/{path}", data=text, content_type="application/json", headers={
        "webhook-id": key, "webhook-timestamp": str(at), "webhook-signature": signature(secret, key, at, text)})


def sent_one(campaign):
    seat(campaign)
    send_waiting(LocalGateway())
    with db.transaction() as session:
        session.execute(update(Outbox).values(gateway_id="op-1"))


def test_a_receipt_that_comes_later_is_kept_and_twice_does_no_harm(client, real):
    db.act(approving.set_state, "seat_given", "approved", "", "")
    sent_one(real)
    for _ in range(2):
        assert signed(client, "receipts", {"id": "op-1", "delivered": True}).json == {"taken": True}
    assert rows()[0].delivered_at is not None
    signed(client, "receipts", {"id": "op-1", "delivered": False, "code": "LATE"})
    assert (rows()[0].state, rows()[0].receipt) == ("sent", "")
    assert signed(client, "receipts", {"id": "unknown", "delivered": True}).json == {"taken": False}


def test_a_message_that_did_not_arrive_is_a_failure(client, real):
    db.act(approving.set_state, "seat_given", "approved", "", "")
    sent_one(real)
    signed(client, "receipts", {"id": "op-1", "delivered": False, "code": "MK:0013"})
    assert (rows()[0].state, rows()[0].receipt) == ("failed", "MK:0013")


@pytest.mark.parametrize("wrong", [{"secret": b"guess"}, {"at": 1_000}])
def test_a_call_that_is_not_ours_or_too_old_changes_nothing(client, real, wrong):
    db.act(approving.set_state, "seat_given", "approved", "", "")
    sent_one(real)
    answer = signed(client, "receipts", {"id": "op-1", "delivered": True}, **wrong)
    assert (answer.status_code, answer.json["code"]) == (403, "bad_signature")
    assert rows()[0].delivered_at is None


def test_without_a_secret_nobody_may_answer_for_anybody(client, campaign):
    answer = signed(client, "answers", {"id": "a", "from": PHONE, "text": "1"}, secret=b"")
    assert answer.status_code == 403


def test_an_answer_counts_once_and_its_words_are_not_kept(client, real):
    for taken in (True, False):
        answer = signed(client, "answers", {"id": "in-1", "from": f"+86{PHONE}", "text": "1"})
        assert answer.json == {"taken": taken}
    with db.transaction(read_only=True) as session:
        found = session.scalars(select(Inbound)).one()
        assert (found.said, found.phone_tag == receiving.phone_key(PHONE)) == ("yes", True)
