"""A person handed in twice: an organizer sees both sides and decides, both are told, no clerk learns of the other."""

from __future__ import annotations

import cast as casts
import pytest
from bookings.factories import request
from sqlalchemy import select

from charter.bookings.models import Booking
from charter.bookings.service import Placement, place_many
from charter.core import db
from charter.core.audit import AuditEvent
from charter.notices.models import Outbox
from charter.notices.service import CONTENT
from charter.people.models import Worker
from charter.registrations.models import Registration


@pytest.fixture
def cast(database):
    with db.transaction() as session:
        made = casts.assemble(session)
        for employer, phone in ((made.scene.employer, "15300000001"), (made.far, "15300000002")):
            session.merge(employer).contact_phone = phone
    return made


@pytest.fixture
def case(cast):
    """Listed and seated by the far employer, then handed in by the clerk's; earlier, waiting, and the seat."""
    with db.transaction() as session:
        earlier = casts.listed(session, cast, cast.far, [1])[0]
        serial = place_many(session, cast.scene.campaign.id, [Placement(earlier, cast.scene.departure.id)])[0]
        waiting = casts.listed(session, cast, cast.scene.employer, [1])[0]
    return earlier, waiting, serial


def state(key):
    with db.transaction() as session:
        return session.scalars(select(Registration.state).where(Registration.id == key)).one()


def messages():
    with db.transaction() as session:
        return {(found.template, CONTENT.open_bytes(found.id, found.content_sealed).decode())
                for found in session.scalars(select(Outbox).where(Outbox.template.startswith("case_")))}


def decide(client, waiting, **fields):
    return client.post(f"/desk/decisions/{waiting}", data=casts.token(client) | {"reason": "两边都核实过"} | fields)


def test_organizers_of_either_side_see_both(app, cast, case):
    for name in ("city", "district", "far_district"):
        page = cast.client(app, name).get("/desk/decisions").text
        assert cast.scene.employer.name in page, name
        assert cast.far.name in page, name
    for name in ("clerk", "hotline", "partner"):
        assert cast.client(app, name).get("/desk/decisions").status_code == 403


def test_an_organizer_of_neither_side_sees_nothing(app, cast):
    with db.transaction() as session:
        casts.listed(session, cast, cast.scene.other, [1])
        waiting = casts.listed(session, cast, cast.scene.employer, [1])[0]
    client = cast.client(app, "far_district")
    assert "现在没有要核实的人" in client.get("/desk/decisions").text
    assert decide(client, waiting, keep="waiting").status_code == 404
    assert state(waiting) == "needs_decision"


def test_the_new_one_is_taken_and_the_old_seat_is_free(app, cast, case):
    earlier, waiting, serial = case
    client = cast.client(app, "district")
    assert decide(client, waiting, keep="waiting", reason="").status_code == 422
    answer = decide(client, waiting, keep="waiting")
    assert answer.status_code == 303
    assert "双方都已通知" in client.get(answer.location).text
    assert (state(waiting), state(earlier)) == ("confirmed", "rejected")
    with db.transaction() as session:
        assert session.scalars(select(Booking.state).where(Booking.id == serial)).one() == "cancelled"
        kept = set(session.scalars(select(AuditEvent.details["outcome"].astext).where(
            AuditEvent.action == "registration.decided")))
    assert kept == {"kept", "ended"}
    name = request(1).name
    assert {template for template, _ in messages()} == {"case_decided", "case_kept", "case_ended"}
    for template, text in messages():
        assert name in text
        assert cast.far.name not in text, template
    assert decide(client, waiting, keep="earlier").status_code == 404


def test_the_earlier_one_stays_with_its_seat(app, cast, case):
    earlier, waiting, serial = case
    assert decide(cast.client(app, "city"), waiting, keep="earlier").status_code == 303
    assert (state(waiting), state(earlier)) == ("rejected", "booked")
    page = cast.client(app, "clerk").get(f"/desk/people/{waiting}").text
    assert "组织方核实后决定不由这家企业接返" in page
    assert cast.far.name not in page
    assert "两边都核实过" not in page
    with db.transaction() as session:
        assert session.scalars(select(Booking.state).where(Booking.id == serial)).one() == "confirmed"


def test_a_person_on_board_is_not_taken_out_of_the_coach(app, cast, case):
    earlier, waiting, _ = case
    with db.transaction() as session:
        session.query(Registration).filter(Registration.id == earlier).update({"state": "boarded"})
    assert decide(cast.client(app, "city"), waiting, keep="waiting").status_code == 409
    assert (state(waiting), state(earlier)) == ("needs_decision", "boarded")


def test_another_name_on_one_document_is_looked_at_and_corrected(app, cast):
    person = request(1)
    with db.transaction() as session:
        first = casts.listed(session, cast, cast.scene.employer, [1])[0]
        session.query(Registration).filter(Registration.id == first).update({"state": "withdrawn"})
        waiting = casts.listed(session, cast, cast.scene.employer, [1], name="王更正")[0]
    client = cast.client(app, "city")
    page = client.get("/desk/decisions").text
    assert f"登记的姓名是“{person.name}”，新交来的是“王更正”" in page
    assert decide(client, waiting, keep="waiting", renamed="1").status_code == 303
    assert state(waiting) == "confirmed"
    with db.transaction() as session:
        found = session.scalars(select(Worker)).one()
    assert (found.name, found.name_pinyin) == ("王更正", "wanggengzheng wgz")
