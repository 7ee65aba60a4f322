"""Publishing some lines of a plan: only they run, and the next plan keeps them as they are."""

from __future__ import annotations

from typing import Any

from flask.testing import FlaskClient
from planning import plan_world
from planning.test_plan_pages import client, form  # noqa: F401
from sqlalchemy import select

from charter.campaigns.models import Campaign, Corridor, Departure
from charter.core import db
from charter.jobs import run_waiting
from charter.planning.models import Plan
from charter.registrations.models import Registration


def made(client: FlaskClient) -> str:  # noqa: F811
    page = client.post("/desk/plans/start", data=form(client, "/desk/plans") | {
        "time_limit_s": "2"}).headers["Location"]
    run_waiting()
    return page


def look(query: Any) -> list[Any]:
    with db.transaction(read_only=True) as session:
        return list(session.scalars(query))


def test_only_the_ticked_lines_run_and_the_others_wait_for_the_next_plan(client: FlaskClient) -> None:  # noqa: F811
    campaign = db.act(plan_world.campaign)
    db.act(plan_world.add_flight, campaign)
    page = made(client)
    flight = look(select(Corridor).where(Corridor.mode == "flight", Corridor.campaign_id == campaign))[0]
    assert f'name="corridor" value="{flight.id}"' in client.get(page).text
    nothing = client.post(page + "/publish", data=form(client, page) | {"some": "1"})
    assert "nothing_runs" in nothing.headers["Location"]
    assert look(select(Departure)) == []
    client.post(page + "/publish", data=form(client, page) | {"some": "1", "corridor": str(flight.id)})
    first = look(select(Departure))
    assert {one.mode for one in first if one.leg_kind == "main"} == {"flight"}
    states = {one.origin: one.state for one in look(select(Registration))}
    assert states["511902"] == "confirmed"
    plan = look(select(Plan))[0]
    assert plan.state == "published"
    assert 0 < plan.figures["seated"] < plan.figures["planned"]

    again = made(client)
    client.post(again + "/publish", data=form(client, again))
    everything = look(select(Departure))
    assert {one.id for one in first} < {one.id for one in everything}
    assert len({one.code for one in everything}) == len(everything)
    assert {one.state for one in look(select(Registration).where(Registration.origin == "511902"))} == {"booked"}
    assert look(select(Campaign))
