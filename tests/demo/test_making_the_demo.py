"""A small demo campaign: lists written dirty are read, planned, published and booked."""

from __future__ import annotations

import json
import stat

from sqlalchemy import func, select

from charter.access.service.staff import NEEDS_SECOND
from charter.bookings.models import Booking
from charter.campaigns.models import Departure
from charter.core import db
from charter.core.actor import Role
from charter.demo import make, sign_ins
from charter.people.models import Employer, WorkerDocument
from charter.people.queries import workers
from charter.registrations.models import Registration


def test_a_small_campaign_is_made_and_booked_and_its_tokens_work(client, tmp_path):
    said = []
    campaign_id = make.make(300, 7, said.append)
    with db.transaction() as session:
        states = dict(session.execute(select(Registration.state, func.count()).group_by(Registration.state)).all())
        booked = session.scalar(select(func.count(Booking.registration_id.distinct())))
        kinds = set(session.execute(select(Departure.mode, Departure.leg_kind).distinct()).all())
        assert session.scalar(select(func.count()).select_from(Employer)) >= 12
        assert session.scalar(select(func.count()).select_from(WorkerDocument)) >= 100
    assert sum(states.get(state, 0) for state in ("booked", "boarded", "arrived")) == booked
    assert {("bus", "main"), ("flight", "main"), ("train", "main"), ("bus", "feeder")} <= kinds
    assert booked >= 60
    found = db.act(sign_ins.collect, campaign_id, "http://127.0.0.1:8000")
    sign_ins.write(tmp_path, found)
    path = tmp_path / "sign-ins.json"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    tokens = {row.get("state", row["role"]): row["token"] for row in json.loads(path.read_text())["accounts"]}
    url = f"/api/v1/campaigns/{campaign_id}/registrations"
    assert client.get(url, headers={"Authorization": f"Bearer {tokens['city_organizer']}"}).status_code == 200
    assert client.get(url, headers={"Authorization": f"Bearer {tokens['funds_auditor']}"}).status_code == 403
    accounts = json.loads(path.read_text())["accounts"]
    assert {row["role"] for row in accounts} == {str(role) for role in Role}
    worker = next(row for row in accounts if row["role"] == "worker")
    assert db.ask(workers.by_document, "resident_id", worker["id_number"])
    assert worker["name"] in [person.name for person in db.ask(workers.of_phone, worker["phone"])]
    assert len({row["credit_code"] for row in accounts if row["role"] == "employer"}) == 2
    assert all("totp_secret" in row for row in accounts if row["role"] in NEEDS_SECOND and "state" not in row)
    assert next(row for row in accounts if row["role"] == "volunteer")["departure_id"]
    for state in ("expired", "revoked"):
        assert client.get(url, headers={"Authorization": f"Bearer {tokens[state]}"}).status_code == 401
