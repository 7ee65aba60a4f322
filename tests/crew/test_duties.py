"""Duties: insurance and rest before anything, the rota as a job, swaps by consent, papers, calendar."""

from __future__ import annotations

from datetime import timedelta

import pytest
from crew.crew_world import sign_up, stage
from desk import sign_in, token
from sqlalchemy import select

from charter.campaigns.models import Departure
from charter.core import clock, db
from charter.core.audit import AuditEvent
from charter.crew import duty, jobs, rota, swapping
from charter.crew.links import calendar_code
from charter.crew.models import CrewDuty, CrewRota, CrewSwap
from charter.crew.problems import NotInsured, RotaStale, SwapOver, TwoAtOnce
from charter.notices import queries as notices


@pytest.fixture
def world(database):
    return stage()


def living():
    with db.transaction(read_only=True) as session:
        return session.scalars(select(CrewDuty).where(CrewDuty.ended_at.is_(None)).order_by(CrewDuty.made_at)).all()


def departure(key):
    with db.transaction(read_only=True) as session:
        return session.get_one(Departure, key)


def test_nobody_rides_along_without_insurance(world):
    campaign, ids = world
    key = sign_up(campaign, 1, insured=False)[1]
    with pytest.raises(NotInsured):
        db.act(duty.put_on, ids[0], key)
    assert living() == []


def test_a_duty_spans_the_empty_ride_out_and_is_on_the_pass(world):
    campaign, ids = world
    db.act(duty.put_on, ids[0], sign_up(campaign, 1, "王敏")[1])
    db.act(duty.put_on, ids[0], sign_up(campaign, 2, "李强")[1])
    row = departure(ids[0])
    assert (row.crew_name, row.crew_phone) == ("王敏", "13800000001")
    during = living()[0].during
    assert (row.departs_at - during.lower, during.upper) == (timedelta(hours=32), row.arrives_at)


def test_two_at_once_is_refused_by_the_act_and_by_the_database(world):
    campaign, ids = world
    key = sign_up(campaign, 1)[1]
    made = db.act(duty.put_on, ids[0], key)
    with pytest.raises(TwoAtOnce):
        db.act(duty.put_on, ids[1], key)

    def behind_its_back(session):
        session.add(CrewDuty(campaign_id=campaign.id, departure_id=ids[1], place=1, member_id=key,
                             member_number=made.member_number, during=made.during, source="hand"))
    with pytest.raises(TwoAtOnce):
        db.act(behind_its_back)


def test_who_is_taken_off_leaves_the_pass_to_the_second(world):
    campaign, ids = world
    first = db.act(duty.put_on, ids[0], sign_up(campaign, 1, "王敏")[1])
    db.act(duty.put_on, ids[0], sign_up(campaign, 2, "李强")[1])
    db.act(duty.take_off, first.id)
    assert departure(ids[0]).crew_name == "李强"


def test_a_duty_follows_its_departure_and_ends_with_it(world):
    campaign, ids = world
    for number, key in enumerate(ids):
        db.act(duty.put_on, key, sign_up(campaign, number, f"王{number}")[1])
    with db.transaction() as session:
        late = session.get_one(Departure, ids[0])
        late.departs_at, late.arrives_at = late.departs_at + timedelta(hours=2), late.arrives_at + timedelta(hours=2)
        session.get_one(Departure, ids[1]).state = "called_off"
    assert db.act(duty.follow) == 2
    assert db.act(duty.follow) == 0
    assert [row.during.upper for row in living()] == [departure(ids[0]).arrives_at]


def make_rota(campaign):
    first = clock.today()
    key = db.act(rota.start, campaign.id, first, first + timedelta(days=20))
    jobs.run(str(key))
    return key


def rota_row(key):
    with db.transaction(read_only=True) as session:
        return session.get_one(CrewRota, key)


def test_a_rota_is_computed_shown_and_taken(client, world):
    campaign, ids = world
    for number in range(3):
        sign_up(campaign, number, f"王{number}")
    key = make_rota(campaign)
    row = rota_row(key)
    assert (row.state, row.figures["empty"], row.figures["optimal"]) == ("done", 0, True)
    assert set(row.filled) == {str(one) for one in ids}
    assert living() == []
    desk = sign_in(client)
    page = desk.get(f"/desk/crew/rotas/{key}").text
    assert "已证明最优" in page
    assert "值勤最多与最少的差距" in page
    assert desk.post(f"/desk/crew/rotas/{key}/take", data=token(desk)).status_code == 303
    assert len(living()) == 2
    assert rota_row(key).state == "taken"
    assert "您的带车任务" in db.ask(notices.newest_to, f"1380000000{departure(ids[0]).crew_phone[-1]}", 1)[0]


def test_a_rota_is_not_taken_where_something_changed(client, world):
    campaign, ids = world
    members = [sign_up(campaign, number, f"王{number}")[1] for number in range(2)]
    key = make_rota(campaign)
    busy = rota_row(key).filled[str(ids[0])][0]
    db.act(duty.put_on, ids[1], next(one for one in members if str(one) == busy))
    with pytest.raises(RotaStale):
        db.act(rota.take, key)
    assert len(living()) == 1
    desk = sign_in(client)
    assert "请重新排一次" in desk.post(f"/desk/crew/rotas/{key}/take", data=token(desk)).text


def test_a_rota_leaves_alone_what_was_written_in_by_hand(world):
    campaign, ids = world
    sign_up(campaign, 1)
    with db.transaction() as session:
        session.get_one(Departure, ids[0]).crew_name = "赵老师"
    assert set(rota_row(make_rota(campaign)).filled) == {str(ids[1])}


def swap(give, take, back=None):
    mine, key = give
    made = next(row for row in living() if row.member_id == key)
    return db.act(swapping.ask_swap, mine, made.id, take[1], back)


def test_a_duty_changes_hands_only_when_both_agree(client, world):
    campaign, ids = world
    giver, taker = sign_up(campaign, 1, "王敏"), sign_up(campaign, 2, "李强")
    db.act(duty.put_on, ids[0], giver[1])
    asked = swap(giver, taker)
    assert departure(ids[0]).crew_name == "王敏"
    assert "王敏 请您接替" in db.ask(notices.newest_to, "13800000002", 1)[0]
    page = client.get(f"/crew/me/{taker[0]}").text
    assert "王敏 请您接替 巴中01" in page
    answer = client.post(f"/crew/me/{taker[0]}/swaps/{asked}/agree", data=token(client, f"/crew/me/{taker[0]}"))
    assert answer.status_code == 303
    assert departure(ids[0]).crew_name == "李强"
    with pytest.raises(SwapOver):
        db.act(swapping.agree, taker[0], asked)


def test_two_who_ride_at_the_same_time_may_exchange(world):
    campaign, ids = world
    giver, taker = sign_up(campaign, 1, "王敏"), sign_up(campaign, 2, "李强")
    db.act(duty.put_on, ids[0], giver[1])
    back = db.act(duty.put_on, ids[1], taker[1])
    with pytest.raises(SwapOver):
        swap(giver, taker)
    db.act(swapping.agree, taker[0], swap(giver, taker, back.id))
    assert [departure(key).crew_name for key in ids] == ["李强", "王敏"]


def test_nobody_else_answers_a_request(client, world):
    campaign, ids = world
    giver, taker, other = (sign_up(campaign, number, f"王{number}") for number in range(3))
    db.act(duty.put_on, ids[0], giver[1])
    asked = swap(giver, taker)
    for code in (giver[0], other[0]):
        answer = client.post(f"/crew/me/{code}/swaps/{asked}/agree", data=token(client, f"/crew/me/{code}"))
        assert answer.status_code == 404
    db.act(swapping.refuse, taker[0], asked)
    with db.transaction(read_only=True) as session:
        assert session.get_one(CrewSwap, asked).state == "refused"
    assert departure(ids[0]).crew_name == "王0"


def test_the_calendar_holds_the_whole_duty(client, world):
    campaign, ids = world
    key = sign_up(campaign, 1)[1]
    made = db.act(duty.put_on, ids[0], key)
    answer = client.get(f"/crew/calendar/{calendar_code(key, 1)}.ics")
    assert answer.content_type == "text/calendar; charset=utf-8"
    lines = answer.text.split("\r\n")
    assert f"UID:{made.id}@charter" in lines
    assert f"DTSTART:{living()[0].during.lower:%Y%m%dT%H%M%SZ}" in lines
    assert all(len(line.encode()) <= 75 for line in lines)


def test_papers_show_phones_and_are_audited(client, world):
    campaign, ids = world
    db.act(duty.put_on, ids[0], sign_up(campaign, 1, "王敏")[1])
    desk = sign_in(client)
    assert "13800000001" in desk.get(f"/desk/departures/{ids[0]}/crew/sheet").text
    day = clock.local(departure(ids[0]).departs_at).date()
    assert "13800000001" in desk.get(f"/desk/crew/calls?day={day}").text
    with db.transaction(read_only=True) as session:
        shown = session.scalars(select(AuditEvent).where(AuditEvent.action == "sealed.revealed",
                                                         AuditEvent.object_type == "crew")).all()
        assert len(shown) == 2


def test_a_certificate_counts_only_trips_that_arrived_and_to_which_he_came(client, world):
    campaign, ids = world
    mine, key = sign_up(campaign, 1, "王敏")
    made = db.act(duty.put_on, ids[0], key)
    assert "共 0 小时" in client.get(f"/crew/me/{mine}/certificate").text
    with db.transaction() as session:
        session.get_one(Departure, ids[0]).state = "arrived"
    assert "带车服务 1 次，共 23 小时 0 分钟" in client.get(f"/crew/me/{mine}/certificate").text
    db.act(duty.mark_absent, made.id, True)
    assert "共 0 小时" in client.get(f"/crew/me/{mine}/certificate").text
