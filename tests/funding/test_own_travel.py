"""The subsidy for own travel: by distance, for members, once a person, never for somebody who rode free."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from bookings.factories import ORIGIN, riders, scene, worker_of

from charter.bookings.service import Placement, place_many
from charter.bookings.travel import mark_boarded
from charter.core import clock, db
from charter.core.actor import Actor, Role
from charter.core.problems import NotFound
from charter.funding import accounts, claiming
from charter.funding.problems import AlreadyClaimed
from charter.funding.rules.travel import Band, Known, amount, refusal

CITY = Actor(Role.CITY_ORGANIZER)
BANDS = {0: 8_000, 500: 20_000, 1_500: 45_000}


@pytest.fixture
def made(database):
    """Three workers with a request; bands are set."""
    with db.transaction() as session:
        found = scene(session)
        found.people = riders(session, found, 3)
        found.workers = [worker_of(session, one) for one in found.people]
        claiming.set_bands(session, found.campaign.id, BANDS)
    return found


def claim(made, place=0, **changed):
    values = {"origin": ORIGIN, "mode": "train", "travelled_on": clock.today(), "ticket": "E123", "card_tail": "0023",
              "member": True} | changed
    return db.act(claiming.claim, made.campaign.id, made.workers[place], claiming.ClaimIn(**values))


def ride(made, place):
    with db.transaction() as session:
        serials = place_many(session, made.campaign.id, [Placement(made.people[place], made.departure.id)])
        mark_boarded(session, made.campaign.id, dict.fromkeys(serials, clock.now()))


@pytest.mark.parametrize(("km", "fen"), [(0, 8_000), (499, 8_000), (500, 20_000), (4_000, 45_000)])
def test_the_band_of_the_distance_pays(km, fen):
    assert amount([Band(start, paid) for start, paid in BANDS.items()], km) == fen


def test_without_a_band_nothing_is_paid():
    assert amount([Band(100, 5)], 99) is None
    day = date(2026, 2, 10)
    assert refusal(Known(False, False, True, day, day, day), None) == "no_band"


def test_a_members_claim_is_confirmed_and_booked_as_one_sum(made):
    assert claim(made).state == "claimed"
    claim(made, 1)
    for row in db.ask(claiming.claims, CITY, made.campaign.id):
        db.act(claiming.answer, CITY, row.id, member=True)
    assert db.act(claiming.pay, made.campaign.id) == 2
    assert db.act(claiming.pay, made.campaign.id) == 0
    with db.transaction(read_only=True) as session:
        entry = accounts.entries(session, made.campaign.id)[0]
        assert (entry.kind, entry.note) == ("travel", "2")
        assert entry.fen == sum(fen for _, fen in [claiming.count_states(session, CITY, made.campaign.id)["paid"]])
        assert {row.kind: row.open_fen for row in accounts.balances(session, made.campaign.id)}["travel"] == entry.fen


@pytest.mark.parametrize(("changed", "code"), [
    ({"member": False}, "no_member"), ({"travelled_on": date(2020, 1, 1)}, "outside_dates")])
def test_a_claim_that_cannot_be_paid_is_refused_with_its_reason(made, changed, code):
    found = claim(made, **changed)
    assert (found.state, found.code) == ("refused", code)
    assert claim(made).state == "claimed"  # corrected, it may be made again


def test_who_rode_free_or_holds_a_seat_gets_nothing(made):
    ride(made, 0)
    assert claim(made).code == "rode_free"
    with db.transaction() as session:
        place_many(session, made.campaign.id, [Placement(made.people[1], made.departure.id)])
    assert claim(made, 1).code == "has_seat"


def test_who_rides_after_he_claimed_is_found_and_never_paid(made):
    claim(made)
    claim(made, 1)
    for row in db.ask(claiming.claims, CITY, made.campaign.id):
        db.act(claiming.answer, CITY, row.id, member=True)
    ride(made, 0)
    assert len(db.ask(claiming.both, made.campaign.id)) == 1
    assert db.act(claiming.pay, made.campaign.id) == 1
    assert [row.code for row in db.ask(claiming.claims, CITY, made.campaign.id, state="refused")] == ["rode_free"]
    assert db.ask(claiming.both, made.campaign.id) == []


def test_a_person_claims_once(made):
    claim(made)
    with pytest.raises(AlreadyClaimed):
        claim(made)


def test_a_district_answers_only_for_its_own(made):
    found = claim(made)
    far = Actor(Role.DISTRICT_ORGANIZER, scope_kind="district", scope_id="00000000-0000-4000-8000-000000000000")
    assert db.ask(claiming.claims, far, made.campaign.id) == []
    with pytest.raises(NotFound):
        db.act(claiming.answer, far, found.id, member=True)
    own = Actor(Role.DISTRICT_ORGANIZER, scope_kind="district", scope_id=str(made.employer.district_id))
    db.act(claiming.answer, own, found.id, member=False)
    assert db.ask(claiming.my_claim, made.campaign.id, made.workers[0]).code == "no_member"


def test_who_has_no_request_in_the_campaign_claims_nothing(made):
    with pytest.raises(NotFound):
        db.act(claiming.claim, made.campaign.id, made.campaign.id, claiming.ClaimIn(
            ORIGIN, "bus", clock.today() + timedelta(days=1), "", "", True))
