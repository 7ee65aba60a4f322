"""People are put into another vehicle by hand: the change is said before, and is what the contract's sum says after."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from planning import plan_world
from planning.test_plan_pages import client, form  # noqa: F401
from planning.test_planning_a_campaign import cost_of

from charter.core import db
from charter.jobs import run_waiting
from charter.planning.models import Plan
from charter.planning.results import riders
from charter.planning.rules.moving import moved, split, targets
from charter.planning.service import unpacked


@st.composite
def planned(draw: st.DrawFn) -> tuple[dict[str, Any], dict[str, Any]]:
    """Groups that all ride, in an instance in which everybody may ride everything, at random prices."""
    sizes = draw(st.lists(st.tuples(st.integers(1, 4), st.booleans(), st.sampled_from("AB")), min_size=1, max_size=5))
    departures = [{"capacity": 0, "copies": 2, "fixed_cost": draw(st.integers(0, 90))} for _ in range(2)]
    groups, rows = [], []
    for g, (size, splittable, firm) in enumerate(sizes):
        groups.append({"id": str(g), "employer": firm, "origin": "o", "size": size, "splittable": splittable,
                       "unassigned_penalty": 100, "x_registrations": [f"{g}.{n}" for n in range(size)]})
        first = draw(st.integers(1, size)) if splittable else size
        where = draw(st.permutations([(0, 0), (0, 1), (1, 0)]))
        rows += [[g, *where[0], first]] + ([[g, *where[1], size - first]] if first < size else [])
    for d, departure in enumerate(departures):
        fullest = max(sum(row[3] for row in rows if row[1:3] == [d, copy]) for copy in range(2))
        departure["capacity"] = max(1, fullest) + draw(st.integers(0, 6))
    instance = {"name": "x", "spread_cost": 7, "budget": None, "departures": departures, "groups": groups,
                "options": [[g, d, draw(st.integers(0, 20))] for g in range(len(groups)) for d in range(2)],
                "x_left_behind": ["no_seat"] * len(groups)}
    plan = {"assignments": sorted(rows), "lower_bound": 0.0, "objective": 0.0, "status": "feasible"}
    return instance, plan | {"objective": cost_of(instance, plan)}


@given(planned(), st.data())
def test_a_move_changes_what_it_said_and_nobody_else_moves(made: Any, data: st.DataObject) -> None:
    instance, plan = made
    before = riders(instance, plan)
    source = data.draw(st.sampled_from(sorted(before)))
    people = set(data.draw(st.lists(st.sampled_from(before[source]), min_size=1, unique=True)))
    new, cut, groups = split(instance, plan, source, people)
    going = {one for g in groups for one in new["groups"][g]["x_registrations"]}
    assert people <= going
    assert cost_of(new, cut) == pytest.approx(plan["objective"])
    assert {key: set(ids) for key, ids in riders(new, cut).items()} == {key: set(ids) for key, ids in before.items()}
    for target in targets(new, cut, source, groups):
        after = moved(cut, source, groups, target.vehicle, target.yuan)
        assert cost_of(new, after) == pytest.approx(after["objective"])
        seated = riders(new, after)
        assert set(seated[target.vehicle]) == set(before[target.vehicle]) | going
        assert set(seated.get(source, [])) == set(before[source]) - going
        assert len(seated[target.vehicle]) <= instance["departures"][target.vehicle[0]]["capacity"]


def test_who_rides_elsewhere_cannot_be_moved_from_here() -> None:
    instance = {"groups": [{"id": "0", "employer": "A", "origin": "o", "size": 1, "splittable": True,
                            "x_registrations": ["a"]}], "options": [], "x_left_behind": [""], "departures": []}
    with pytest.raises(ValueError, match="vehicle"):
        split(instance, {"assignments": [[0, 0, 0, 1]]}, (0, 1), {"a"})


def test_an_organizer_moves_people_and_sees_the_change_first(client: FlaskClient) -> None:  # noqa: F811
    db.act(plan_world.campaign)
    page = client.post("/desk/plans/start", data=form(client, "/desk/plans") | {
        "time_limit_s": "3"}).headers["Location"]
    run_waiting()
    fullest = re.findall(r'href="([^"]*/vehicles/\d+/\d+)"', client.get(page).text)
    inside = {one: re.findall(r'name="person" value="([^"]+)"', client.get(one).text) for one in fullest}
    source = max(inside, key=lambda one: len(inside[one]))
    target = min(inside, key=lambda one: len(inside[one]))
    alone = next(one for one in inside[source] if _party(one) is None)
    asked = client.get(source + "/move", query_string={"person": [alone]})
    assert "给 1 人换一辆车" in asked.text
    to = re.search(r'name="to" value="(\d+/\d+)"', asked.text)
    assert to
    change = re.search(r'>([+-][\d,.]+)</td>', asked.text)
    assert change
    before = _plan()
    sent = {"person": [alone], "to": to[1]} | {"form_token": re.search(r'form_token" value="(\w+)"', asked.text)[1]}
    done = client.post(source + "/move", data=sent)
    assert done.headers["Location"] == target
    assert alone in client.get(target).text
    after = _plan()
    assert after.best - before.best == pytest.approx(float(change[1].replace(",", "")), abs=0.01)
    assert cost_of(unpacked(after.instance_gz), unpacked(after.plan_gz)) == pytest.approx(after.best)
    assert client.post(source + "/move", data=sent).status_code == 404  # the stale page, sent again
    assert client.post(page + "/publish", data=form(client, page)).status_code == 303
    assert _plan().state == "published"
    assert client.get(target + "/move", query_string={"person": [alone]}).headers["Location"].endswith("plan_not_ready")


def _plan() -> Plan:
    with db.transaction(read_only=True) as session:
        return session.query(Plan).one()


def _party(registration: str) -> Any:
    from charter.registrations.models import Registration
    with db.transaction(read_only=True) as session:
        return session.query(Registration.party_id).filter(Registration.id == registration).scalar()
