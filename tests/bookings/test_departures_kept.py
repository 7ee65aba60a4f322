"""The list of departures is kept for a moment, and never shows a seat that has just gone."""

from __future__ import annotations

from bookings.factories import bearer, riders, scene
from sqlalchemy import event

from charter.core import db
from charter.core.actor import Role


def test_seats_left_are_right_at_once_and_counted_once_for_many_readers(client, database):
    with db.transaction() as session:
        made = scene(session)
        person = riders(session, made, 1)[0]
        organizer = bearer(session, Role.CITY_ORGANIZER)
    url = f"/api/v1/campaigns/{made.campaign.id}/departures"
    assert client.get(url).json["items"][0]["seats_left"] == 8
    held = client.post(f"/api/v1/departures/{made.departure.id}/bookings", headers=organizer,
                       json={"registration_id": str(person)})
    assert held.status_code == 201
    asked = []
    event.listen(db.engine(), "before_cursor_execute", lambda *given: asked.append(given[2]))
    answers = [client.get(url) for _ in range(12)]
    assert {answer.json["items"][0]["seats_left"] for answer in answers} == {7}
    assert sum("FROM departure" in statement for statement in asked) < 12
    assert client.get(url + "?mode=train").json["items"] == []
