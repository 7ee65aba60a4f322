"""Passes from the desk: printed for one's own people, sent again, issued anew; and the text for the works' chat."""

from __future__ import annotations

import cast as casts
import pytest
from bookings.factories import request
from sqlalchemy import select

from charter.bookings.models import Booking
from charter.bookings.service import Placement, place_many
from charter.core import db
from charter.core.audit import AuditEvent, AuditReason
from charter.notices.models import Outbox
from charter.notices.service import CONTENT
from charter.passes import sheets
from charter.passes.queries import passes_of
from charter.passes.service import prepare


@pytest.fixture
def cast(database):
    """Two people of the clerk's employer and one of the other's on one coach."""
    with db.transaction() as session:
        made = casts.assemble(session)
        keys = casts.listed(session, made, made.scene.employer, [0, 1])
        keys += casts.listed(session, made, made.scene.other, [2], name="赵外人")
        place_many(session, made.scene.campaign.id, [Placement(key, made.scene.departure.id) for key in keys])
    return made


def seats(cast):
    with db.transaction() as session:
        return {found.seat: found for found in session.scalars(select(Booking))}


def test_a_clerk_prints_the_passes_of_his_own_people(app, cast):
    found = db.act(sheets.printed, cast.actors["clerk"], cast.scene.campaign.id, day=None,
                   departure_id=cast.scene.departure.id)
    assert [(one.seat, one.name) for one in found] == [("1", "王甲"), ("2", "王乙")]
    answer = cast.client(app, "clerk").get(
        f"/desk/passes.pdf?campaign={cast.scene.campaign.id}&day={cast.scene.departure.date}")
    assert (answer.status_code, answer.data[:5], answer.headers["Cache-Control"]) == (
        200, b"%PDF-", "private, no-store")
    with db.transaction() as session:
        assert session.scalars(select(AuditEvent.details["count"].astext).where(
            AuditEvent.action == "passes.printed")).all() == ["2", "2"]


@pytest.mark.parametrize("name", ["far_clerk", "far_district", "partner"])
def test_who_has_nobody_on_the_coach_gets_no_sheet(app, cast, name):
    path = f"/desk/passes.pdf?campaign={cast.scene.campaign.id}&departure={cast.scene.departure.id}"
    assert cast.client(app, name).get(path).status_code == 404
    assert cast.client(app, "clerk").get(f"/desk/passes.pdf?campaign={cast.scene.campaign.id}").status_code == 404


def test_a_sheet_has_its_limit(cast, monkeypatch):
    monkeypatch.setattr(sheets, "MOST", 1)
    with pytest.raises(sheets.TooManyPasses):
        db.act(sheets.printed, cast.actors["clerk"], cast.scene.campaign.id, day=cast.scene.departure.date,
               departure_id=None)


def send(app, cast, name, booking, **fields):
    client = cast.client(app, name)
    return client.post(f"/desk/passes/{booking.id}/send", data=casts.token(client) | fields)


def test_a_pass_is_sent_again_once_a_minute(app, cast):
    booking = seats(cast)["1"]
    for _ in range(2):
        answer = send(app, cast, "clerk", booking, fresh="0")
        assert (answer.status_code, answer.location) == (303, f"/desk/people/{booking.registration_id}?done=sent")
    with db.transaction() as session:
        told = session.scalars(select(Outbox).where(Outbox.template == "pass_again")).one()
        text = CONTENT.open_bytes(told.id, told.content_sealed).decode()
    assert "座位 1" in text
    assert request(0).id_number[-4:] not in text


def test_a_new_pass_ends_the_old_one_and_the_hotline_says_why(app, cast):
    booking = seats(cast)["2"]
    before = db.act(prepare, booking.id, cast.actors["city"]).text
    assert send(app, cast, "hotline", booking, fresh="1").status_code == 422
    assert send(app, cast, "hotline", booking, fresh="1", reason="手机丢了").status_code == 303
    assert db.act(prepare, booking.id, cast.actors["city"]).text != before
    with db.transaction() as session:
        assert session.scalars(select(AuditReason.text).join(AuditEvent, AuditEvent.id == AuditReason.event_id).where(
            AuditEvent.action == "pass.sent")).all() == ["手机丢了"]
        assert len(passes_of(session, [session.merge(booking)])) == 1


def test_a_foreign_pass_is_not_sent(app, cast):
    assert send(app, cast, "clerk", seats(cast)["3"], fresh="0").status_code == 404


def test_one_text_per_coach_names_ones_own_people_and_nothing_secret(app, cast):
    page = cast.client(app, "clerk").get("/desk/coaches").text
    for words in ("巴中01", "南江客运站 7", "王甲 1 座", "王乙 2 座", "059212351"):
        assert words in page
    assert "赵外人" not in page
    for person in (request(0), request(1)):
        assert person.phone not in page
        assert person.id_number[-4:] not in page
    assert "还没有人订到座位" in cast.client(app, "far_clerk").get("/desk/coaches").text
    assert "王甲, seat 1" in cast.client(app, "clerk", "en").get("/desk/coaches").text
