"""From confirmed people to a checked plan, published seats and reasons for those left behind."""

from __future__ import annotations

from collections import Counter
from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from planning import plan_world
from sqlalchemy import func, select

from charter.access.service.tokens import create_token
from charter.app import create_app
from charter.bookings.models import Booking
from charter.campaigns.models import Departure
from charter.core import db, sealed
from charter.core.actor import Role
from charter.funding.models import DepartureCost
from charter.jobs import run_waiting
from charter.notices.models import Outbox
from charter.notices.queries import newest_to
from charter.registrations.models import Registration


@pytest.fixture
def client(database: str) -> FlaskClient:
    sealed.configure(sealed.new_ring())
    return create_app(propagate_faults=True).test_client()


def token(role: Role = Role.CITY_ORGANIZER) -> dict[str, str]:
    return {"Authorization": "Bearer " + db.act(create_token, role, None, None)[1]}


def planned(client: FlaskClient, campaign: UUID, headers: dict[str, str]) -> dict[str, Any]:
    answer = client.post(f"/api/v1/campaigns/{campaign}/plans", json={"time_limit_s": 4}, headers=headers)
    assert answer.status_code == 202, answer.text
    found: dict[str, Any] = answer.json
    assert found["state"] == "queued"
    run_waiting()
    found = client.get(f"/api/v1/plans/{found['id']}", headers=headers).json
    assert found["state"] == "done", found
    return found


def cost_of(instance: dict[str, Any], plan: dict[str, Any]) -> float:
    """The objective as the contract words it, counted here anew; capacities, options and parties checked."""
    price = {(g, d): cost for g, d, cost in instance["options"]}
    used, left = Counter(), [group["size"] for group in instance["groups"]]
    spread: dict[tuple[str, str], set[tuple[int, int]]] = {}
    total = 0.0
    for g, d, copy, count in plan["assignments"]:
        group = instance["groups"][g]
        assert copy < instance["departures"][d]["copies"]
        assert group["splittable"] or count == group["size"]
        used[d, copy] += count
        left[g] -= count
        total += price[g, d] * count
        spread.setdefault((group["employer"], group["origin"]), set()).add((d, copy))
    assert all(count <= instance["departures"][d]["capacity"] for (d, _), count in used.items())
    assert min(left) >= 0
    total += sum(instance["departures"][d]["fixed_cost"] for d, _ in used)
    total += sum(n * group["unassigned_penalty"] for n, group in zip(left, instance["groups"], strict=True))
    return total + instance["spread_cost"] * sum(len(found) - 1 for found in spread.values())


def test_a_plan_is_made_checked_and_published_with_seats_costs_and_reasons(client: FlaskClient) -> None:
    campaign, headers = db.act(plan_world.campaign), token()
    plan = planned(client, campaign, headers)
    instance = client.get(f"/api/v1/plans/{plan['id']}/instance", headers=headers).json
    result = client.get(f"/api/v1/plans/{plan['id']}/plan", headers=headers).json
    assert cost_of(instance, result) == pytest.approx(result["objective"])
    assert result["lower_bound"] <= result["objective"] + 1e-6
    assert plan["figures"]["planned"] == 14
    assert [one["code"] for one in plan["left_behind"]] == ["no_departure_from_origin"]

    published = client.post(f"/api/v1/plans/{plan['id']}/publish", headers=headers)
    assert published.status_code == 200, published.text
    with db.transaction(read_only=True) as session:
        assert Counter(session.scalars(select(Registration.state))) == {"booked": 14, "left_behind": 1}
        assert session.scalar(select(Registration.state_reason).where(
            Registration.state == "left_behind")) == "出发地没有线路"
        assert session.scalar(select(func.count(Booking.id)).where(Booking.seat.is_not(None))) == 14
        assert session.scalar(select(func.count()).select_from(Departure)) == 2
        assert session.scalar(select(func.sum(DepartureCost.planned_fen))) == plan["figures"]["charter_fen"]
        family = session.scalars(select(Booking.departure_id).distinct().join(
            Registration, Registration.id == Booking.registration_id).where(Registration.party_id.is_not(None))).all()
        assert len(family) == 1
        assert session.scalar(select(func.count()).select_from(Outbox)) == 14
        assert "巴州客运站" in newest_to(session, "13800000005", 5)[0]
        assert newest_to(session, "13800000014", 5) == []
    again = client.post(f"/api/v1/plans/{plan['id']}/publish", headers=headers)
    assert (again.status_code, again.json["code"]) == (409, "already_published")


def test_a_plan_made_before_another_was_published_is_stale_and_says_which_departures_changed(
        client: FlaskClient) -> None:
    campaign, headers = db.act(plan_world.campaign), token()
    first, second = planned(client, campaign, headers), planned(client, campaign, headers)
    assert client.post(f"/api/v1/plans/{first['id']}/publish", headers=headers).status_code == 200
    refused = client.post(f"/api/v1/plans/{second['id']}/publish", headers=headers)
    assert (refused.status_code, refused.json["code"]) == (409, "plan_stale")
    assert len(refused.json["departures"]) == 2


def test_a_campaign_without_confirmed_people_cannot_be_planned(client: FlaskClient) -> None:
    campaign = db.act(plan_world.campaign, workers=0, stranded=0)
    answer = client.post(f"/api/v1/campaigns/{campaign}/plans", json={}, headers=token())
    assert (answer.status_code, answer.json["code"]) == (409, "nothing_to_plan")


def test_an_open_campaign_is_listed_for_everybody(client: FlaskClient) -> None:
    campaign = db.act(plan_world.campaign, workers=0)
    assert [one["id"] for one in client.get("/api/v1/campaigns").json["items"]] == [str(campaign)]
