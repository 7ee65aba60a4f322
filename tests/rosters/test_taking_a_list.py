"""A list by the API: handed in, looked at, taken; again, mended, whole, cancelled, refused."""

from __future__ import annotations

import io

import pytest
from rosters.roster_world import CREDIT_CODE, HEADER, World, number, person, workbook
from sqlalchemy import select

from charter.core import db
from charter.jobs import run_waiting
from charter.registrations.models import Registration
from charter.rosters.models import RosterBatch, RosterRow

FIVE = [HEADER, *[person(order) for order in range(5)]]


def test_good_rows_become_requests_and_bad_ones_do_not(world: World) -> None:
    rows = [*FIVE, person(5, id=number(5)[:-1]), person(6, phone="12345"), person(1), person(7, name=" 周七 ")]
    made = world.upload(workbook(rows))
    assert made.status_code == 202
    assert (made.json["state"], made.json["progress"]) == ("queued", {"done": 0, "total": 0})
    run_waiting()
    batch = world.get(f"/rosters/{made.json['id']}").json
    assert batch["state"] == "previewed"
    assert batch["summary"] == {"accepted": 5, "repaired": 1, "rejected": 2, "duplicates": 1}
    assert batch["changes"] == {"new": 6, "changed": 0, "unchanged": 0, "withdrawn": 0, "needs_decision": 0}
    assert batch["progress"] == {"done": 9, "total": 9}
    assert world.people() == {}

    assert world.post(f"/rosters/{batch['id']}/commit").json["state"] == "committing"
    run_waiting()
    batch = world.get(f"/rosters/{batch['id']}").json
    assert (batch["state"], batch["changes"]["new"]) == ("committed", 6)
    assert set(world.people().values()) == {"confirmed"}
    assert "周七" in world.people()
    assert world.post(f"/rosters/{batch['id']}/commit").status_code == 202
    assert world.post(f"/rosters/{batch['id']}/cancel").json["code"] == "wrong_state"


def test_rows_say_what_is_wrong_and_show_no_whole_number(world: World) -> None:
    batch = world.previewed(workbook([*FIVE, person(5, id=number(5)[:-1] + "Q"), person(7, phone="+86 15400000007")]))
    rows = world.rows(batch)
    assert [row["row"] for row in rows] == [2, 3, 4, 5, 6, 7, 8]
    assert [row["status"] for row in rows] == ["accepted"] * 5 + ["rejected", "repaired"]
    assert [row["change"] for row in rows] == ["new"] * 5 + [None, "new"]
    assert rows[5]["problems"][0]["code"] == "id_length" or rows[5]["problems"][0]["field"] == "id_number"
    assert {repair["code"] for repair in rows[6]["repairs"]} >= {"country_prefix"}
    told = world.get(f"/rosters/{batch['id']}/rows").text
    assert not any(number(order) in told or f"154{order:08d}" in told for order in range(8))
    first = world.get(f"/rosters/{batch['id']}/rows?limit=4").json
    rest = world.get(f"/rosters/{batch['id']}/rows?limit=4&cursor={first['next']}").json
    assert [row["row"] for row in first["items"] + rest["items"]] == [2, 3, 4, 5, 6, 7, 8]
    assert rest["next"] is None
    assert [row["row"] for row in world.rows(batch, query="&status=rejected")] == [7]


def test_the_same_list_twice_changes_nothing(world: World) -> None:
    world.committed(workbook(FIVE))
    before = world.get(f"/campaigns/{world.campaign.id}/registrations", "city").json["items"]
    again = world.previewed(workbook(FIVE))
    assert again["changes"] == {"new": 0, "changed": 0, "unchanged": 5, "withdrawn": 0, "needs_decision": 0}
    world.post(f"/rosters/{again['id']}/commit")
    run_waiting()
    assert world.get(f"/rosters/{again['id']}").json["changes"]["unchanged"] == 5
    assert world.get(f"/campaigns/{world.campaign.id}/registrations", "city").json["items"] == before


def test_a_mended_list_updates_what_changed_and_says_so(world: World) -> None:
    world.committed(workbook(FIVE))
    mended = [HEADER, person(0), person(1, origin="四川省达州市渠县"), person(2, phone="15400099999"), person(3),
              person(4), person(5)]
    batch = world.previewed(workbook(mended))
    assert batch["changes"] == {"new": 1, "changed": 2, "unchanged": 3, "withdrawn": 0, "needs_decision": 0}
    assert [row["change"] for row in world.rows(batch)] == ["unchanged", "changed", "changed", "unchanged",
                                                            "unchanged", "new"]
    world.post(f"/rosters/{batch['id']}/commit")
    run_waiting()
    with db.transaction() as session:
        origins = session.scalars(select(Registration.origin)).all()
    assert sorted(origins) == ["511725"] + ["511922"] * 5


def test_nobody_is_withdrawn_for_being_absent_unless_the_list_is_the_whole_one(world: World) -> None:
    world.committed(workbook(FIVE))
    shorter = [HEADER, person(0), person(1), person(2, phone="1"), [person(3)[0], "1", "2", "3"]]
    batch = world.previewed(workbook(shorter))
    assert batch["changes"]["withdrawn"] == 0
    assert batch["absent"] == 1  # a wrong phone or number speaks for its person all the same
    absent = world.get(f"/rosters/{batch['id']}/absent").json["items"]
    assert [one["name"] for one in absent] == [person(4)[0]]
    world.post(f"/rosters/{batch['id']}/commit")
    run_waiting()
    assert world.get(f"/rosters/{batch['id']}").json["changes"]["withdrawn"] == 0
    assert set(world.people().values()) == {"confirmed"}

    whole = world.committed(workbook(shorter), {"withdraw": True})
    assert whole["changes"] == {"new": 0, "changed": 0, "unchanged": 2, "withdrawn": 1, "needs_decision": 0}
    assert world.people()[person(4)[0]] == "withdrawn"
    again = world.committed(workbook(shorter), {"withdraw": True})
    assert again["changes"]["withdrawn"] == 0


def test_a_person_of_another_employer_waits_for_a_decision_and_the_clerk_learns_no_more(world: World) -> None:
    world.committed(workbook([HEADER, person(1)]), caller="other")
    ours = world.committed(workbook([HEADER, person(1), person(2), person(3, id=number(1))]))
    assert ours["changes"] == {"new": 1, "changed": 0, "unchanged": 0, "withdrawn": 0, "needs_decision": 1}
    told = str(world.rows(ours)) + str(ours)
    assert "乙" not in told
    assert str(world.other.id) not in told
    again = world.committed(workbook([HEADER, person(1), person(2)]))
    assert (again["changes"]["new"], again["changes"]["needs_decision"], again["changes"]["unchanged"]) == (0, 0, 2)
    with db.transaction() as session:
        assert len(session.scalars(select(Registration)).all()) == 3


@pytest.mark.parametrize("path", ["", "/rows", "/absent", "/bad.xlsx"])
def test_a_foreign_list_is_not_there(world: World, path: str) -> None:
    batch = world.previewed(workbook(FIVE))
    for caller in ("other", "partner"):
        found = world.get(f"/rosters/{batch['id']}{path}", caller)
        missing = world.get(f"/rosters/{world.campaign.id}{path}", caller)
        assert (found.status_code, found.json) == (404, missing.json)
    for caller in ("district", "city"):
        assert world.get(f"/rosters/{batch['id']}{path}", caller).status_code == 200


def test_a_foreign_list_is_neither_taken_nor_cancelled(world: World) -> None:
    batch = world.previewed(workbook(FIVE))
    for verb in ("commit", "cancel"):
        assert world.post(f"/rosters/{batch['id']}/{verb}", caller="other").status_code == 404
    assert world.get(f"/rosters/{batch['id']}").json["state"] == "previewed"


def test_others_name_the_employer_and_a_district_only_its_own(world: World) -> None:
    content = workbook(FIVE)
    assert world.upload(content, caller="city").json["errors"][0] == {
        "field": "employer", "code": "missing", "message": "没有找到这家用工企业"}
    unknown = world.upload(content, caller="city", employer="91350200MA3456784X")
    assert unknown.json["errors"][0]["code"] == "employer_unknown"
    assert world.upload(content, caller="district", employer=str(world.other.id)).status_code == 422
    for caller, employer in (("city", str(world.other.id)), ("district", CREDIT_CODE),
                             ("partner", str(world.firm.id)), ("firm", str(world.firm.id))):
        assert world.upload(content, caller=caller, employer=employer).status_code == 202
    assert world.upload(content, employer=str(world.other.id)).status_code == 422


def test_a_partner_touches_only_whom_it_handed_in(world: World) -> None:
    world.committed(workbook(FIVE))
    theirs = world.committed(workbook([HEADER, person(0), person(9)]), caller="partner", employer=str(world.firm.id))
    assert theirs["changes"] == {"new": 1, "changed": 0, "unchanged": 0, "withdrawn": 0, "needs_decision": 1}
    whole = world.committed(workbook([HEADER, person(9)]), {"withdraw": True}, caller="partner",
                            employer=str(world.firm.id))
    assert whole["changes"]["withdrawn"] == 1  # the case of its own, not the employer's four others
    with db.transaction() as session:
        states = session.scalars(select(Registration.state)).all()
    assert sorted(states) == ["confirmed"] * 6 + ["withdrawn"]


def test_one_key_hands_in_once(world: World) -> None:
    same = workbook(FIVE)
    one, two = world.upload(same, key="k"), world.upload(same, key="k")
    assert one.json == two.json
    assert world.upload(workbook([HEADER, person(1)]), key="k").json["code"] == "idempotency_mismatch"


def test_a_cancelled_list_leaves_nothing(world: World) -> None:
    for read in (False, True):
        made = world.upload(workbook(FIVE)).json
        if read:
            run_waiting()
        assert world.post(f"/rosters/{made['id']}/cancel").json["state"] == "cancelled"
        run_waiting()
        batch = world.get(f"/rosters/{made['id']}").json
        assert (batch["state"], batch["summary"]["accepted"]) == ("cancelled", 0)
        assert world.rows(batch) == []
        assert world.post(f"/rosters/{made['id']}/cancel").status_code == 200
        assert world.post(f"/rosters/{made['id']}/commit").json["code"] == "wrong_state"


@pytest.mark.parametrize(("content", "code"), [
    (b"", "roster_empty"), (b"%PDF-1.7 ...", "roster_pdf"), (b"\x89PNG\r\n\x1a\n", "roster_image"),
    (b"<html><table></table></html>", "roster_html"), (b"PK\x03\x04 broken", "roster_damaged"),
    (workbook([["编号", "部门"], [1, 2]]), "roster_no_header"),
    (b"\xd0\xd5\xc3\xfb,\xca\xd6\xbb\xfa\n\xff\xff,1", "roster_undecodable")])
def test_a_file_that_is_no_list_is_refused_whole(world: World, content: bytes, code: str) -> None:
    batch = world.previewed(content)
    assert (batch["state"], batch["refusal"]["code"]) == ("refused", code)
    assert batch["refusal"]["message"]
    assert "\n" not in batch["refusal"]["message"]
    assert world.rows(batch) == []
    assert world.post(f"/rosters/{batch['id']}/commit").status_code == 409
    english = world.client.get(f"/api/v1/rosters/{batch['id']}", headers=world.callers["firm"] | {
        "Accept-Language": "en"}).json["refusal"]["message"]
    assert english.isascii() or "姓名" in english


def test_what_is_no_upload_is_refused_at_the_door(world: World) -> None:
    url = f"/api/v1/campaigns/{world.campaign.id}/rosters"
    head = world.callers["firm"]
    assert world.client.post(url, json={}, headers=head).json["code"] == "unsupported_media_type"
    assert world.client.post(url, data={"employer": "x"}, headers=head, content_type="multipart/form-data").json[
        "errors"][0] == {"field": "file", "code": "missing", "message": "请选择要上传的文件"}
    assert world.upload(b"x", status="committed").json["errors"][0]["code"] == "unknown_field"
    large = world.upload(b"x" * 50_000_001)
    assert (large.status_code, large.json["code"]) == (413, "too_large")
    said = world.client.post(url, headers=head, content_type="multipart/form-data; boundary=x",
                             environ_overrides={"CONTENT_LENGTH": str(10**9)})
    assert (said.status_code, said.json["code"]) == (413, "too_large")
    assert world.client.post(url, data=b"{").status_code == 401
    missing = world.client.post(f"/api/v1/campaigns/{world.firm.id}/rosters", headers=head, data={
        "file": (io.BytesIO(b"x"), "x")})
    assert missing.status_code == 404


def test_a_closed_campaign_takes_no_list(world: World) -> None:
    batch = world.previewed(workbook(FIVE))
    with db.transaction() as session:
        session.merge(world.campaign).state = "closed"
    assert world.upload(workbook(FIVE)).json["code"] == "campaign_closed"
    assert world.post(f"/rosters/{batch['id']}/commit").json["code"] == "campaign_closed"


def test_nothing_of_a_list_stands_open_in_the_database(world: World) -> None:
    batch = world.previewed(workbook(FIVE))
    with db.transaction() as session:
        stored = session.get_one(RosterBatch, batch["id"])
        kept = [stored.file_sealed or b"", *session.scalars(select(RosterRow.content_sealed))]
    assert len(kept) == 6
    for order in range(5):
        assert not any(number(order).encode() in one or person(order)[0].encode() in one for one in kept if one)
