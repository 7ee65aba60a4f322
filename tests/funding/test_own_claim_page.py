"""A worker claims the subsidy on his phone, is told why he gets none, and sees nobody else's page."""

from __future__ import annotations

import pytest
from bookings.factories import riders, scene, worker_of
from desk import fields
from looking import looking

from charter.access.models import Account
from charter.access.service import sessions
from charter.bookings.service import Placement, place_many
from charter.core import db
from charter.core.actor import Role
from charter.funding import claiming


@pytest.fixture
def made(database):
    with db.transaction() as session:
        found = scene(session)
        found.people = riders(session, found, 2)
        found.workers = [worker_of(session, one) for one in found.people]
        claiming.set_bands(session, found.campaign.id, {0: 8_000, 500: 30_000})
    return found


def page(made, place=0):
    return f"/trip/{made.people[place]}/subsidy"


def signed_in(session, worker_id):
    account = Account(role=Role.WORKER, username=f"worker-{worker_id}", name="王")
    session.add(account)
    session.flush()
    return sessions.begin(session, account, second_factor=False, worker_id=worker_id)


def as_worker(client, made, place=0):
    client.set_cookie("session", db.act(signed_in, made.workers[place]))


def filled(client, made, **changed):
    sent = fields(client.get(page(made)).text)
    return sent | {"mode": "train", "ticket": "E77", "card_tail": "00a3", "member": "1"} | changed


def test_a_worker_claims_and_sees_what_became_of_it(client, made):
    as_worker(client, made)
    assert client.post(page(made), data=filled(client, made)).status_code == 303
    shown = client.get(page(made)).text
    assert "等工会核对会员身份" in shown
    assert "300.00 元" in shown
    assert "申请补助</button>" not in shown
    assert db.ask(claiming.my_claim, made.campaign.id, made.workers[0]).card_tail == "00A3"


@pytest.mark.parametrize(("changed", "said"), [
    ({"member": ""}, "是会员请打勾"), ({"card_tail": "12"}, "工会卡号的末四位"), ({"ticket": ""}, "请填写这一项"),
    ({"travelled_on": "2100-01-01"}, "到了以后再申请"), ({"mode": "boat"}, "请选择一项")])
def test_what_is_missing_is_said_at_its_field(client, made, changed, said):
    as_worker(client, made)
    refused = client.post(page(made), data=filled(client, made, **changed))
    assert refused.status_code == 422
    assert said in refused.text
    assert db.ask(claiming.my_claim, made.campaign.id, made.workers[0]) is None


def test_who_holds_a_seat_is_told_why_and_may_claim_again(client, made):
    with db.transaction() as session:
        place_many(session, made.campaign.id, [Placement(made.people[0], made.departure.id)])
    as_worker(client, made)
    assert client.post(page(made), data=filled(client, made)).status_code == 303
    shown = client.get(page(made)).text
    assert "退掉以后才能申请" in shown
    assert "申请补助</button>" in shown


def test_another_workers_page_is_not_found(client, made):
    as_worker(client, made)
    assert client.get(page(made, 1)).status_code == 404
    assert client.post(page(made, 1), data=filled(client, made)).status_code == 404


def test_a_campaign_that_pays_nothing_says_so(client, made):
    db.act(claiming.set_bands, made.campaign.id, {})
    as_worker(client, made)
    shown = client.get(page(made)).text
    assert "没有设自行返岗补助" in shown
    assert "申请补助</button>" not in shown


@pytest.mark.browser
def test_the_page_fits_a_phone_in_both_languages(made):
    cookie = db.act(signed_in, made.workers[0])
    with looking() as looker:
        assert looker.look({"own-claim": page(made)}, cookie) == []
