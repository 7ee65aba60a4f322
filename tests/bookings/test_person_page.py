"""One person on the desk: who may open the page, what is done for him, why, and what is kept of it."""

from __future__ import annotations

import re
from datetime import timedelta

import cast as casts
import pytest
from bookings.factories import coach, request
from bookings.test_people_list import counting
from sqlalchemy import select

from charter.access.service import codes, persons, sessions
from charter.bookings.models import Booking
from charter.bookings.service import Placement, place_many
from charter.core import clock, db
from charter.core.audit import AuditEvent, AuditReason
from charter.notices.models import Outbox
from charter.notices.service import CONTENT
from charter.people.models import Worker
from charter.people.queries import workers
from charter.people.rules.documents import check_character
from charter.registrations.models import Registration
from charter.registrations.service import set_state_many

EVERYBODY = ("clerk", "other_clerk", "far_clerk", "partner", "district", "far_district", "city", "hotline", "funds")


@pytest.fixture
def cast(database):
    with db.transaction() as session:
        return casts.assemble(session)


@pytest.fixture
def seated(cast):
    """A confirmed person of the clerk's employer with seat 1."""
    with db.transaction() as session:
        key = casts.listed(session, cast, cast.scene.employer, [0])[0]
        serial = place_many(session, cast.scene.campaign.id, [Placement(key, cast.scene.departure.id)])[0]
    return key, serial


def one(model, key):
    with db.transaction() as session:
        return session.scalars(select(model).where(model.id == key)).one()


def reasons(action):
    with db.transaction() as session:
        return list(session.execute(select(AuditEvent.role, AuditReason.text).join(
            AuditReason, AuditReason.event_id == AuditEvent.id).where(AuditEvent.action == action)))


def said(page):
    """What the page says to a person."""
    return re.sub(r"<[^>]*>", "", page).split()


def post(client, path, **fields):
    return client.post(path, data=casts.token(client) | fields)


def test_the_page_opens_to_its_own_readers_only(app, cast, seated):
    key, _ = seated
    sees = {"clerk", "district", "city", "hotline", "funds"}
    for name in EVERYBODY:
        answer = cast.client(app, name).get(f"/desk/people/{key}")
        assert answer.status_code == (200 if name in sees else 404), name
        missing = cast.client(app, name).get("/desk/people/00000000-0000-4000-8000-000000000000")
        assert missing.status_code == 404
        if name not in sees:
            assert said(answer.text) == said(missing.text), name


def test_the_page_never_shows_a_whole_number_or_phone(app, cast, seated):
    person = request(0)
    for name in ("clerk", "district", "city", "hotline", "funds"):
        page = cast.client(app, name).get(f"/desk/people/{seated[0]}").text
        assert person.id_number not in page, name
        assert person.phone not in page, name
    assert person.name not in cast.client(app, "funds").get(f"/desk/people/{seated[0]}").text


@pytest.mark.parametrize("act", ["withdraw", "change", "replace", "seat"])
def test_nothing_is_done_for_a_foreign_person(app, cast, seated, act):
    for name in ("other_clerk", "far_district", "partner"):
        assert post(cast.client(app, name), f"/desk/people/{seated[0]}/{act}", reason="x", departure="1"
                    ).status_code == 404, name
    assert one(Registration, seated[0]).state == "booked"


def test_the_page_takes_few_statements(app, cast, seated):
    client = cast.client(app, "city")
    client.get(f"/desk/people/{seated[0]}")
    with counting() as said:
        client.get(f"/desk/people/{seated[0]}")
    assert len(said) <= 25, said


def test_an_employer_confirms_what_a_worker_handed_in(app, cast):
    with db.transaction() as session:
        key = casts.listed(session, cast, cast.scene.employer, [1], source="worker")[0]
    client = cast.client(app, "clerk")
    assert "确认：是我们的人" in client.get(f"/desk/people/{key}").text
    answer = post(client, f"/desk/people/{key}/confirm")
    assert (answer.status_code, answer.location) == (303, f"/desk/people/{key}?done=confirm")
    assert "✓ 已确认" in client.get(answer.location).text
    assert one(Registration, key).state == "confirmed"


def test_the_hotline_may_not_confirm(app, cast):
    with db.transaction() as session:
        key = casts.listed(session, cast, cast.scene.employer, [1], source="worker")[0]
    assert post(cast.client(app, "hotline"), f"/desk/people/{key}/confirm", reason="x").status_code == 403
    assert one(Registration, key).state == "received"


def test_refusing_needs_a_reason_which_the_person_sees(app, cast):
    with db.transaction() as session:
        key = casts.listed(session, cast, cast.scene.employer, [1], source="worker")[0]
    client = cast.client(app, "clerk")
    refused = post(client, f"/desk/people/{key}/reject", reason="  ")
    assert (refused.status_code, "请写明原因" in refused.text) == (422, True)
    assert one(Registration, key).state == "received"
    assert post(client, f"/desk/people/{key}/reject", reason="已经离职").status_code == 303
    assert one(Registration, key).state_reason == "已经离职"


def test_many_are_confirmed_at_once_after_their_names_were_shown(app, cast):
    with db.transaction() as session:
        mine = casts.listed(session, cast, cast.scene.employer, range(10, 13), source="worker")
        foreign = casts.listed(session, cast, cast.scene.other, [20], source="worker", name="赵外人")
    client = cast.client(app, "clerk")
    shown = client.get("/desk/people/chosen?" + "&".join(f"id={key}" for key in [*mine, *foreign])).text
    assert "这 3 个人等确认" in shown
    assert "赵外人" not in shown
    assert "这 3 个人等确认" in client.get("/desk/people/chosen?all=1").text
    with_foreign = client.post("/desk/people/chosen/confirm", data=casts.token(client) | {"id": [*mine, *foreign]})
    assert with_foreign.status_code == 404
    assert {one(Registration, key).state for key in mine} == {"received"}
    assert client.post("/desk/people/chosen/confirm", data=casts.token(client) | {"id": mine}).status_code == 303
    assert {one(Registration, key).state for key in mine} == {"confirmed"}


def test_many_are_refused_with_one_reason(app, cast):
    with db.transaction() as session:
        mine = casts.listed(session, cast, cast.scene.employer, range(10, 13), source="worker")
    client = cast.client(app, "clerk")
    assert client.post("/desk/people/chosen/reject", data=casts.token(client) | {"id": mine}).status_code == 422
    assert client.post("/desk/people/chosen/reject", data=casts.token(client) | {"id": mine, "reason": "不是我们的人"}
                       ).status_code == 303
    assert {one(Registration, key).state for key in mine} == {"rejected"}


def test_the_hotline_withdraws_only_with_a_reason_and_it_is_kept(app, cast, seated):
    key, serial = seated
    client = cast.client(app, "hotline")
    assert post(client, f"/desk/people/{key}/withdraw").status_code == 422
    assert one(Registration, key).state == "booked"
    assert post(client, f"/desk/people/{key}/withdraw", reason="本人来电，家里有事").status_code == 303
    assert one(Registration, key).state == "withdrawn"
    assert one(Booking, serial).state == "cancelled"
    assert ("hotline", "本人来电，家里有事") in reasons("person.acted")
    history = client.get(f"/desk/people/{key}").text
    assert "本人来电，家里有事" in history
    assert "hotline 的名字" in history
    told = cast.client(app, "clerk").get(f"/desk/people/{key}").text
    assert "退出" in told
    assert "本人来电，家里有事" not in told


@pytest.mark.parametrize(("name", "what", "open_to"), [
    ("hotline", "phone", True), ("hotline", "document", True), ("clerk", "phone", True), ("clerk", "document", False),
    ("city", "document", True), ("funds", "phone", False), ("funds", "person", True), ("other_clerk", "phone", False)])
def test_what_is_shown_whole_is_asked_for_with_a_reason(app, cast, seated, name, what, open_to):
    client = cast.client(app, name)
    path = f"/desk/people/{seated[0]}/reveal"
    if open_to:
        assert post(client, path, what=what).status_code == 422
        assert reasons("sealed.revealed") == []
    answer = post(client, path, what=what, reason="核对来电人")
    assert answer.status_code == (200 if open_to else 404)
    person = request(0)
    shown = {"phone": person.phone, "document": person.id_number, "person": f"{person.name} {person.id_number[-4:]}"}
    assert (shown[what] in answer.text) is open_to
    assert [text for _, text in reasons("sealed.revealed")] == (["核对来电人"] if open_to else [])
    assert shown[what] not in client.get(f"/desk/people/{seated[0]}").text or name not in ("funds",)


def test_a_clerk_cannot_settle_a_case_by_the_page(app, cast):
    with db.transaction() as session:
        casts.listed(session, cast, cast.far, [1])
        key = casts.listed(session, cast, cast.scene.employer, [1])[0]
    client = cast.client(app, "clerk")
    page = client.get(f"/desk/people/{key}").text
    assert "要由组织方核实" in page
    assert cast.far.name not in page
    for act in ("confirm", "reject"):
        assert post(client, f"/desk/people/{key}/{act}", reason="x").status_code == 409
    assert client.post("/desk/people/chosen/confirm", data=casts.token(client) | {"id": [key]}).status_code == 409
    assert one(Registration, key).state == "needs_decision"


def test_a_seat_is_held_booked_moved_and_given_back_for_somebody(app, cast):
    with db.transaction() as session:
        key = casts.listed(session, cast, cast.scene.employer, [3])[0]
        late = coach(session, cast.scene.campaign, cast.scene.corridor, cast.scene.vehicle, cast.scene.stop, 8, days=5)
    client = cast.client(app, "hotline")
    offers = client.get(f"/desk/people/{key}/seat?departure={cast.scene.departure.id}").text
    assert '<option value="8">8</option>' in offers
    held = post(client, f"/desk/people/{key}/seat", departure=str(cast.scene.departure.id), seat="5", way="hold",
                reason="来电要靠窗")
    assert held.status_code == 303, held.text
    with db.transaction() as session:
        booking = session.scalars(select(Booking).where(Booking.registration_id == key)).one()
    assert (booking.state, booking.seat) == ("held", "5")
    seats = f"/desk/people/{key}/seats/{booking.id}"
    assert post(client, f"{seats}/confirm_seat").status_code == 422
    assert post(client, f"{seats}/confirm_seat", reason="答应了").status_code == 303
    assert one(Booking, booking.id).state == "confirmed"
    assert post(client, f"{seats}/move", departure=str(late.id), seat="2", reason="晚两天").status_code == 303
    assert (one(Booking, booking.id).departure_id, one(Booking, booking.id).seat) == (late.id, "2")
    assert post(client, f"{seats}/cancel_seat", reason="不坐了").status_code == 303
    assert one(Registration, key).state == "confirmed"
    assert post(client, f"{seats}/explode", reason="x").status_code == 404


def test_a_party_is_booked_side_by_side_in_one_act(app, cast):
    with db.transaction() as session:
        keys = casts.listed(session, cast, cast.scene.employer, [3, 4], party="王家")
    client = cast.client(app, "clerk")
    assert "同行的人一起订" in client.get(f"/desk/people/{keys[0]}/seat?departure={cast.scene.departure.id}").text
    assert post(client, f"/desk/people/{keys[0]}/seat", departure=str(cast.scene.departure.id), way="book",
                mate=str(keys[1])).status_code == 303
    with db.transaction() as session:
        assert sorted(session.scalars(select(Booking.seat).where(Booking.registration_id.in_(keys)))) == ["1", "2"]


def test_a_taken_seat_is_refused_on_the_persons_page(app, cast, seated):
    with db.transaction() as session:
        key = casts.listed(session, cast, cast.scene.employer, [3])[0]
    answer = post(cast.client(app, "clerk"), f"/desk/people/{key}/seat", departure=str(cast.scene.departure.id),
                  seat="1", way="book")
    assert (answer.status_code, "这个座位已经有人了" in answer.text) == (409, True)


def test_a_change_keeps_a_seat_that_still_fits_and_asks_before_one_goes(app, cast, seated):
    key, serial = seated
    client = cast.client(app, "clerk")
    found = one(Registration, key)
    typed = {"origin": "四川省巴中市南江县", "earliest": found.earliest.isoformat(), "needs": "晕车",
             "latest": found.latest.isoformat(), "modes": ["bus"], "note": ""}
    assert client.post(f"/desk/people/{key}/change", data=casts.token(client) | typed).status_code == 303
    assert (one(Registration, key).modes, one(Registration, key).needs) == (["bus"], "晕车")
    assert one(Booking, serial).state == "confirmed"
    typed["modes"] = ["flight"]
    asked = client.post(f"/desk/people/{key}/change", data=casts.token(client) | typed)
    assert (asked.status_code, 'name="release"' in asked.text) == (409, True)
    assert one(Registration, key).modes == ["bus"]
    assert client.post(f"/desk/people/{key}/change", data=casts.token(client) | typed | {"release": "1"}
                       ).status_code == 303
    assert one(Booking, serial).state == "cancelled"
    assert one(Registration, key).state == "confirmed"


def test_a_wrong_change_says_so_at_its_field_and_keeps_what_was_typed(app, cast, seated):
    client = cast.client(app, "clerk")
    answer = client.post(f"/desk/people/{seated[0]}/change", data=casts.token(client) | {
        "origin": "朝阳区", "earliest": "2026-03-02", "latest": "2026-03-01", "needs": "轮椅", "phone": "12"})
    assert answer.status_code == 422
    for words in ("符合这个出发地的不止一处", "最晚日期早于最早日期", "轮椅", 'value="朝阳区"'):
        assert words in answer.text
    assert one(Registration, seated[0]).needs == ""


def test_a_clerk_changes_a_phone_until_its_owner_has_proven_it(app, cast, seated):
    key, _ = seated
    client = cast.client(app, "clerk")
    found = one(Registration, key)
    typed = {"origin": found.origin, "earliest": found.earliest.isoformat(), "latest": found.latest.isoformat(),
             "modes": list(found.modes), "phone": "15400009999"}
    assert client.post(f"/desk/people/{key}/change", data=casts.token(client) | typed).status_code == 303
    with db.transaction() as session:
        assert [one.id for one in workers.of_phone(session, "15400009999")] == [found.worker_id]
        session.get_one(Worker, found.worker_id).phone_proven_at = clock.now()
    assert client.post(f"/desk/people/{key}/change", data=casts.token(client) | typed).status_code == 404
    hotline = cast.client(app, "hotline")
    assert hotline.post(f"/desk/people/{key}/change", data=casts.token(hotline) | typed | {
        "phone": "15400008888", "reason": "旧号码停用，已核对证件"}).status_code == 303


@pytest.mark.parametrize("name", ["clerk", "hotline", "partner", "district", "city"])
def test_somebody_is_put_on_the_list_over_the_telephone(app, cast, name):
    client = cast.client(app, name)
    person = request(77)
    typed = {"campaign": str(cast.scene.campaign.id), "name": "李四", "id_number": person.id_number, "phone": "1234",
             "employer": "厦门甲", "origin": "南江县", "modes": ["bus"], "earliest": person.earliest.isoformat(),
             "latest": person.latest.isoformat(), "reason": "" if name == "hotline" else "来电"}
    wrong = client.post("/desk/people/new", data=casts.token(client) | typed)
    assert wrong.status_code == 422
    assert 'value="李四"' in wrong.text
    done = client.post("/desk/people/new", data=casts.token(client) | typed | {
        "phone": person.phone, "reason": "本人来电"})
    assert done.status_code == 303, done.text
    assert "✓ 已加到名单" in client.get(done.location).text
    with db.transaction() as session:
        made = session.scalars(select(Registration)).one()
    assert made.employer_id == cast.scene.employer.id
    assert made.state == ("received" if name == "hotline" else "confirmed")
    again = client.post("/desk/people/new", data=casts.token(client) | typed | {
        "phone": person.phone, "reason": "本人来电"})
    assert again.status_code == 409


def test_a_far_district_cannot_add_for_a_foreign_employer(app, cast):
    client = cast.client(app, "far_district")
    person = request(77)
    answer = client.post("/desk/people/new", data=casts.token(client) | {
        "campaign": str(cast.scene.campaign.id), "name": person.name, "id_number": person.id_number,
        "phone": person.phone, "employer": "厦门甲", "origin": "南江县", "modes": ["bus"]})
    assert (answer.status_code, "没有找到这家用工企业" in answer.text) == (422, True)


def test_the_hotline_unlocks_a_phone_with_a_reason_and_others_do_not(app, cast, seated):
    key, _ = seated
    phone = request(0).phone
    with db.transaction() as session:
        account = codes.worker_account(session, phone)
        account.person_tries = persons.TRIES
    path = f"/desk/people/{key}/unlock"
    assert post(cast.client(app, "clerk"), path, reason="x").status_code == 409
    hotline = cast.client(app, "hotline")
    assert post(hotline, path).status_code == 422
    assert "解开手机的锁定" in hotline.get(f"/desk/people/{key}").text
    assert post(hotline, path, reason="电话里核对了姓名和单位").status_code == 303
    with db.transaction() as session:
        assert codes.worker_account(session, phone).person_tries == 0
    assert "解开手机的锁定" not in hotline.get(f"/desk/people/{key}").text
    assert post(hotline, path, reason="x").status_code == 409


def test_a_number_changed_by_the_hotline_signs_the_old_phone_out(app, cast, seated):
    key, _ = seated
    person = one(Registration, key).worker_id
    with db.transaction() as session:
        account = codes.worker_account(session, request(0).phone)
        browser = app.test_client()
        browser.set_cookie("session", sessions.begin(session, account, second_factor=False, worker_id=person))
    assert browser.get("/account").status_code == 200
    hotline = cast.client(app, "hotline")
    page = hotline.get(f"/desk/people/{key}/change").text
    values = dict(re.findall(r'name="(origin|earliest|latest)" [^>]*value="([^"]*)"', page))
    answer = post(hotline, f"/desk/people/{key}/change", **values, modes="bus", phone="15411112222", reason="手机丢了")
    assert answer.status_code == 303, said(answer.text)
    assert browser.get("/account").status_code == 303
    assert [found.id for found in db.ask(workers.of_phone, "15411112222")] == [person]


def test_whole_numbers_want_the_reader_to_have_shown_himself_lately(app, cast, seated):
    key, _ = seated
    hotline = cast.client(app, "hotline")
    assert "看完整手机号" in hotline.get(f"/desk/people/{key}").text
    with clock.travel(timedelta(minutes=16)):
        page = hotline.get(f"/desk/people/{key}").text
        assert "看完整手机号" not in page
        assert f"/step-up?next=/desk/people/{key}" in page
        answer = post(hotline, f"/desk/people/{key}/reveal", what="phone", reason="x")
        assert answer.location == "/step-up"


def test_whom_to_call_the_way_to_the_stop_and_a_lap_child_are_taken_down(app, cast):
    client = cast.client(app, "hotline")
    born = clock.today().replace(year=clock.today().year - 2, day=1)
    body = f"511922{born:%Y%m%d}102"
    typed = {"campaign": str(cast.scene.campaign.id), "name": "李四", "id_number": request(77).id_number,
             "phone": request(77).phone, "employer": "厦门甲", "origin": "南江县", "modes": ["bus"],
             "reason": "本人来电", "reach": "feeder", "emergency_name": "李妻",
             "emergency_phone": "15400007777", "lap_name": "李小宝",
             "lap_number": body + check_character(body)}
    old = f"511922{born.replace(year=born.year - 9):%Y%m%d}102"
    wrong = client.post("/desk/people/new", data=casts.token(client) | typed | {
        "lap_number": old + check_character(old), "emergency_phone": "1"})
    assert wrong.status_code == 422
    for words in ("要有自己的座位", "手机号"):
        assert words in wrong.text
    with db.transaction() as session:
        assert session.scalars(select(Registration)).all() == []
    done = client.post("/desk/people/new", data=casts.token(client) | typed)
    assert done.status_code == 303, done.text
    page = client.get(done.location).text
    for words in ("要接驳车", "李小宝 2 岁", "看紧急联系人"):
        assert words in page
    assert "15400007777" not in page
    key = done.location.split("/")[-1].split("?")[0]
    shown = post(client, f"/desk/people/{key}/reveal", what="emergency", reason="孩子走失")
    assert "李妻 15400007777" in shown.text
    assert post(cast.client(app, "clerk"), f"/desk/people/{key}/reveal", what="emergency", reason="x"
                ).status_code == 404


def told():
    with db.transaction() as session:
        return {found.template: CONTENT.open_bytes(found.id, found.content_sealed).decode()
                for found in session.scalars(select(Outbox))}


def test_a_person_is_told_what_the_desk_did_for_him(app, cast, seated):
    with db.transaction() as session:
        waiting, other = casts.listed(session, cast, cast.scene.employer, [1, 2], source="worker")
    client = cast.client(app, "clerk")
    post(client, f"/desk/people/{waiting}/confirm")
    post(client, f"/desk/people/{other}/reject", reason="已经离职")
    post(client, f"/desk/people/{waiting}/seat", departure=str(cast.scene.departure.id), way="book")
    post(client, f"/desk/people/{seated[0]}/seats/{seated[1]}/cancel_seat")
    found = told()
    assert set(found) == {"request_confirmed", "request_refused", "seat_given", "seat_ended"}
    assert "厦门甲有限公司 已确认您的报名" in found["request_confirmed"]
    assert "已经离职" in found["request_refused"]
    assert "请打 059212351" in found["seat_ended"]


def test_who_was_withdrawn_by_mistake_comes_after_all(app, cast, seated):
    key, _ = seated
    client = cast.client(app, "clerk")
    assert post(client, f"/desk/people/{key}/restore").status_code == 409
    post(client, f"/desk/people/{key}/withdraw")
    assert "seat_ended" in told()
    assert post(cast.client(app, "other_clerk"), f"/desk/people/{key}/restore").status_code == 404
    answer = post(client, f"/desk/people/{key}/restore")
    assert (answer.status_code, one(Registration, key).state) == (303, "confirmed")
    assert "要重新订座位" in client.get(answer.location).text


def test_who_registered_again_meanwhile_is_not_restored_twice(app, cast, seated):
    key, _ = seated
    client = cast.client(app, "clerk")
    post(client, f"/desk/people/{key}/withdraw")
    with db.transaction() as session:
        casts.listed(session, cast, cast.scene.employer, [0])
    answer = post(client, f"/desk/people/{key}/restore")
    assert (answer.status_code, "这个人已经报过名了" in answer.text) == (409, True)
    assert one(Registration, key).state == "withdrawn"


def test_overdue_answers_are_counted_and_listed(app, cast):
    with db.transaction() as session:
        late, fresh = casts.listed(session, cast, cast.scene.employer, [1, 2], source="worker")
        session.query(Registration).filter(Registration.id == late).update(
            {"answer_by": clock.now() - timedelta(hours=1)})
    page = cast.client(app, "city").get("/desk/people").text
    assert "1 个人等答复已经超过答应的时间" in page
    listed = cast.client(app, "city").get("/desk/people?late=1").text
    assert str(late) in listed
    assert str(fresh) not in listed


def test_who_got_no_seat_reads_why(app, cast):
    with db.transaction() as session:
        key = casts.listed(session, cast, cast.scene.employer, [1])[0]
        set_state_many(session, cast.scene.campaign.id, [key], "left_behind", "本人可出发的日期没有班次")
    assert "没排上的原因：本人可出发的日期没有班次" in cast.client(app, "clerk").get(f"/desk/people/{key}").text
    assert "Not placed because: " in cast.client(app, "clerk", "en").get(f"/desk/people/{key}").text
    with db.transaction() as session:
        set_state_many(session, cast.scene.campaign.id, [key], "booked")
    assert one(Registration, key).state_reason == ""
