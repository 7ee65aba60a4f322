"""Rows copied from a spreadsheet and lines of a chat are judged like a file."""

from __future__ import annotations

import csv
from datetime import date

import cast as casts
import pytest
from bookings.factories import request
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from charter.core import db
from charter.jobs import run_waiting
from charter.places import table as places
from charter.registrations.models import Registration
from charter.rosters.models import RosterBatch
from charter.rosters.reader.pasted import as_table

TODAY = date(2026, 1, 10)


def rows(text):
    """What was made of it, as dictionaries without empty cells."""
    made = as_table(text, today=TODAY, table=places.load()).decode()
    return [{key: value for key, value in row.items() if value} for row in csv.DictReader(
        made.splitlines(), delimiter="\t")]


@pytest.mark.parametrize(("line", "expected"), [
    ("张三 511922199001011234 13800001234 四川南江 2月12日",
     {"姓名": "张三", "证件号码": "511922199001011234", "手机号": "13800001234", "出发地": "四川南江",
      "最早返岗日期": "2月12日", "最晚返岗日期": "2月12日"}),
    ("1、李四，138-0000-1234，511922199001011234，南江县",
     {"姓名": "李四", "证件号码": "511922199001011234", "手机号": "138-0000-1234", "出发地": "南江县"}),
    ("姓名：王五 身份证：51192219900101123X 手机：13900001234 出发地：贵州思南 大巴",
     {"姓名": "王五", "证件号码": "51192219900101123X", "手机号": "13900001234", "出发地": "贵州思南",
      "交通方式": "大巴"}),
    ("赵六\t511922199001011234\t13800001234\t四川省巴中市南江县\t2026-02-12\t2026-02-14\t飞机\t带小孩",
     {"姓名": "赵六", "证件号码": "511922199001011234", "手机号": "13800001234", "出发地": "四川省巴中市南江县",
      "最早返岗日期": "2026-02-12", "最晚返岗日期": "2026-02-14", "交通方式": "飞机", "备注": "带小孩"}),
    ("买买提·吐尔逊 13800001234 650100199001011234 新疆喀什 都可以",
     {"姓名": "买买提·吐尔逊", "证件号码": "650100199001011234", "手机号": "13800001234", "出发地": "新疆喀什",
      "交通方式": "都可以"}),
    ("张三 13800001234 13900001234 511922199001011234",
     {"姓名": "张三", "证件号码": "511922199001011234", "手机号": "13800001234", "备注": "13900001234"}),
    ("大家好，明天出发", {"姓名": "大家好", "备注": "明天出发"})])
def test_each_piece_of_a_line_is_put_where_its_form_belongs(line, expected):
    assert rows(line) == [expected]


def test_a_block_with_its_header_is_kept_as_it_stands():
    block = "姓名\t身份证号\t手机号\n赵六\t51\"1922\t138\n\t\t\n钱七\t5\t6"
    assert rows(block) == [{"姓名": "赵六", "身份证号": '51"1922', "手机号": "138"},
                           {"姓名": "钱七", "身份证号": "5", "手机号": "6"}]


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=200))
def test_any_text_becomes_a_table_and_loses_no_letter(text):
    made = as_table(text, today=TODAY, table=places.load()).decode()
    shown = set(made)
    assert {letter for letter in text if letter.isalpha()} <= shown or set(text.split()) == set()


def test_pasted_rows_become_a_list_that_is_looked_at_and_taken(app, database):
    with db.transaction() as session:
        cast = casts.assemble(session)
    client = cast.client(app, "clerk")
    good = request(1)
    text = f"王一 {good.id_number} {good.phone} 四川南江县\n钱二 123456789012345678 13900001111 四川南江县"
    assert "粘贴到这里" in client.get("/desk/rosters").text
    assert client.post("/desk/rosters/paste", data=casts.token(client, "/desk/rosters") | {
        "campaign": str(cast.scene.campaign.id), "pasted": "   "}).status_code == 422
    made = client.post("/desk/rosters/paste", data=casts.token(client, "/desk/rosters") | {
        "campaign": str(cast.scene.campaign.id), "pasted": text})
    assert made.status_code == 303, made.text
    run_waiting()
    with db.transaction() as session:
        batch = session.scalars(select(RosterBatch)).one()
    assert (batch.state, batch.employer_id) == ("previewed", cast.scene.employer.id)
    assert (batch.summary["accepted"] + batch.summary["repaired"], batch.summary["rejected"]) == (1, 1)
    assert "王一" in client.get(made.location + "?show=all").text
    assert client.post(made.location + "/commit", data=casts.token(client, "/desk/rosters")).status_code == 303
    run_waiting()
    with db.transaction() as session:
        assert session.scalars(select(Registration.state)).all() == ["confirmed"]


def test_pasting_for_a_foreign_employer_is_refused_and_keeps_the_text(app, database):
    with db.transaction() as session:
        cast = casts.assemble(session)
    client = cast.client(app, "far_district")
    answer = client.post("/desk/rosters/paste", data=casts.token(client, "/desk/rosters") | {
        "campaign": str(cast.scene.campaign.id), "pasted": "王一 1", "employer": "厦门甲有限公司"})
    assert (answer.status_code, "王一 1</textarea>" in answer.text) == (422, True)
