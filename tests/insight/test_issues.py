"""Issues of the daily brief: frozen when signed, corrected in the next one, on paper, and in public as totals."""

from __future__ import annotations

import io
from datetime import timedelta

import openpyxl
import pytest
from bookings.factories import coach, riders, scene
from desk import fields, sign_in
from docx import Document
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from charter.bookings.service import Placement, place_many
from charter.bookings.travel import mark_boarded
from charter.campaigns.models import Departure
from charter.core import clock, db
from charter.core.actor import SYSTEM, Actor, Role, acting
from charter.core.problems import Invalid
from charter.funding.service import plan_costs, set_actual
from charter.insight import brief, issuing, outcomes, papers
from charter.insight.models import ReportIssue
from charter.insight.problems import AlreadyIssued, DraftWaits, OwnDraft

WRITER, SIGNER = (Actor(Role.CITY_ORGANIZER, account_id=name) for name in ("writer", "signer"))


@pytest.fixture
def made(database):
    """Twelve people hold a seat on a coach that left, eleven got on."""
    with db.transaction() as session:
        found = scene(session, seats=20)
        people = riders(session, found, 15)
        found.people = people
        serials = place_many(session, found.campaign.id, [Placement(one, found.departure.id) for one in people[:12]])
        found.serials = serials
        mark_boarded(session, found.campaign.id, dict.fromkeys(serials[:11], clock.now()))
        plan_costs(session, {found.departure.id: 1_100_000})
        row = session.get_one(Departure, found.departure.id)
        row.state, row.departed_at = "departed", clock.now() - timedelta(hours=3)
    return found


def drafted(made, until=None):
    with acting(WRITER):
        return db.act(issuing.draft, made.campaign.id, until or clock.now())


def worded(issue_id, **changed):
    words = {"head": "返岗服务工作简报", "office": "市总工会办公室", "signer": "林主席", "story": "一切顺利。",
             "report_to": "市委", "send_to": "省总工会", "copy_to": "各区总工会", "copies": 20, "reasons": {}}
    with acting(WRITER):
        db.act(issuing.write, issue_id, issuing.Words(**words | changed), {})


def signed(made, **changed):
    issue_id = drafted(made)
    worded(issue_id, **changed)
    db.act(issuing.approve, issue_id, SIGNER)
    return issue_id


def read(issue_id):
    return db.ask(issuing.issue, issue_id)


def test_a_signed_issue_is_frozen_by_the_database_too(made):
    issue_id = signed(made)
    assert read(issue_id).figures["persons"] == 11
    for act in (issuing.refresh, issuing.discard):
        with pytest.raises(AlreadyIssued):
            db.act(act, issue_id)
    for statement in ("UPDATE report_issue SET number = 9", "DELETE FROM report_issue"):
        with pytest.raises(DBAPIError), db.transaction() as session:
            session.execute(text(statement))


def test_whoever_wrote_it_does_not_sign_it(made):
    issue_id = drafted(made)
    worded(issue_id)
    with pytest.raises(OwnDraft):
        db.act(issuing.approve, issue_id, WRITER)


def test_without_a_signer_it_does_not_go_out_and_one_draft_is_enough(made):
    issue_id = drafted(made)
    with pytest.raises(Invalid):
        db.act(issuing.approve, issue_id, SIGNER)
    with pytest.raises(DraftWaits):
        drafted(made)
    db.act(issuing.discard, issue_id)
    assert read(drafted(made)).number == 1


def test_a_cut_off_lies_after_the_last_one_and_not_ahead(made):
    signed(made)
    for until in (clock.now() + timedelta(hours=1), clock.now() - timedelta(days=1)):
        with pytest.raises(Invalid):
            drafted(made, until)


def test_what_comes_later_is_a_correction_with_its_reason(made):
    signed(made)
    with db.transaction() as session:
        mark_boarded(session, made.campaign.id, {made.serials[11]: clock.now()})  # a scan that came late
        other = coach(session, made.campaign, made.corridor, made.vehicle, made.stop, 20, days=9)
        other.code = "巴中09"
        serials = place_many(session, made.campaign.id, [Placement(one, other.id) for one in made.people[12:]])
        mark_boarded(session, made.campaign.id, dict.fromkeys(serials, clock.now()))
    db.act(set_actual, made.departure.id, 1_200_000)
    with db.transaction() as session:
        row = session.scalars(select(Departure).where(Departure.code == "巴中09")).one()
        row.state, row.departed_at = "departed", clock.now()
    issue_id = drafted(made)
    found = {one.key: one for one in issuing.issue_steps(read(issue_id))}
    people, money = found["persons"], found["spent_fen"]
    assert (people.before, people.correction, people.today, people.total) == (11, 1, 3, 15)
    assert (money.before, money.correction, money.today) == (1_100_000, 100_000, 0)
    assert found["no_shows"].correction == -1
    worded(issue_id)
    with pytest.raises(Invalid) as refused:
        db.act(issuing.approve, issue_id, SIGNER)
    assert {one.field for one in refused.value.errors} >= {"reason_persons", "reason_spent_fen"}
    worded(issue_id, reasons={one.key: "补录" for one in issuing.corrected(read(issue_id))})
    db.act(issuing.approve, issue_id, SIGNER)
    assert "更正上期" in brief.short(read(issue_id))


def test_who_did_not_come_stands_by_cause(made):
    found = db.ask(outcomes.no_shows, SYSTEM, made.campaign, clock.now())
    assert found == {"unknown": 1}
    with db.transaction() as session:
        other = coach(session, made.campaign, made.corridor, made.vehicle, made.stop, 20, days=12)
        missing = session.get_one(outcomes.Booking, (made.campaign.id, made.serials[11]))
        serials = place_many(session, made.campaign.id, [Placement(missing.registration_id, other.id)])
        mark_boarded(session, made.campaign.id, dict.fromkeys(serials, clock.now()))
    assert db.ask(outcomes.no_shows, SYSTEM, made.campaign, clock.now()) == {"other_vehicle": 1}


def test_punctual_is_within_a_quarter_of_an_hour(made):
    assert db.ask(outcomes.punctual, made.campaign, clock.now()) == (1, 1)
    with db.transaction() as session:
        row = session.get_one(Departure, made.departure.id)
        row.departs_at = row.departed_at - timedelta(minutes=16)
    assert db.ask(outcomes.punctual, made.campaign, clock.now()) == (0, 1)


def test_the_words_for_a_chat_are_at_most_200_letters(made, app):
    with app.test_request_context():
        text_ = brief.short(read(signed(made)))
    assert 40 < len(text_) <= 200
    assert "接回 11 人" in text_


def test_the_word_document_has_head_number_and_foot(made, app):
    with app.test_request_context():
        paper = brief.compose(read(signed(made)), str)
        document = Document(io.BytesIO(papers.word(paper)))
        printed = papers.pdf(paper)
    lines = [one.text for one in document.paragraphs]
    assert lines[:2] == ["返岗服务工作简报", "第 1 期"]
    assert "签发：林主席" in lines
    assert {"报：市委", "送：省总工会", "发：各区总工会"} <= set(lines)
    assert [round(side.mm) for side in (document.sections[0].top_margin, document.sections[0].left_margin)] == [37, 28]
    assert len(document.tables) >= 3
    assert printed.startswith(b"%PDF")


def test_the_workbook_adds_up(made, app):
    with app.test_request_context():
        book = openpyxl.load_workbook(io.BytesIO(papers.workbook(read(signed(made)), str)))
    rows = {row[0]: row[1:5] for row in book.worksheets[0].iter_rows(min_row=2, values_only=True)}
    assert rows["接回（人）"] == (0, 0, 11, 11)
    assert rows["投入（元）"] == (0, 0, 11_000, 11_000)


def test_a_brief_is_drafted_written_and_signed_on_the_desk(client, made):
    sign_in(client, Role.CITY_ORGANIZER)
    page = "/desk/report/issues"
    sent = fields(client.get(page).text)
    ahead = client.post(f"{page}/draft", data=sent | {"until": "2100-01-01T00:00"})
    assert ahead.status_code == 422
    drafted_at = client.post(f"{page}/draft", data=sent)
    assert drafted_at.status_code == 303
    address = drafted_at.headers["Location"]
    form = fields(client.get(address).text)
    assert client.post(address + "/write", data=form | {"head": ""}).status_code == 422
    assert client.post(address + "/write", data=form | {"signer": "林主席"}).status_code == 303
    refused = client.post(address + "/approve", data=form)
    assert (refused.status_code, "由另一位" in refused.text) == (409, True)
    assert client.post(address + "/refresh", data=form).status_code == 303
    sign_in(client, Role.CITY_ORGANIZER, scope_kind="campaign", scope_id=str(made.campaign.id))
    assert client.post(address + "/approve", data=fields(client.get(address).text)).status_code == 303
    assert "已签发" in client.get(address).text
    for ending, first in (("docx", b"PK"), ("pdf", b"%PDF"), ("xlsx", b"PK")):
        assert client.get(f"{address}/brief.{ending}").data[:4].startswith(first)
    sign_in(client, Role.DISTRICT_ORGANIZER, scope_kind="district", scope_id=str(made.employer.district_id))
    assert client.get(address).status_code == 403


def test_the_public_page_shows_totals_of_the_signed_issue_to_any_frame(client, made):
    address = f"/figures/{made.campaign.id}"
    assert "还没有公布数字" in client.get(address).text
    drafted(made)
    assert "还没有公布数字" in client.get(address).text
    with db.transaction() as session:
        session.execute(text("DELETE FROM report_issue"))
    signed(made)
    answer = client.get(address)
    assert ">11<" in answer.text
    assert "frame-ancestors *" in answer.headers["Content-Security-Policy"]
    assert "script" not in answer.text
    assert "Set-Cookie" not in answer.headers
    assert "王" not in answer.text
    assert client.get("/figures/00000000-0000-4000-8000-000000000000").status_code == 404


def test_fewer_than_ten_people_are_not_published(client, made):
    with db.transaction() as session:
        session.execute(text("UPDATE booking SET boarded_at = NULL WHERE id = :id"), {"id": made.serials[0]})
        session.execute(text("UPDATE booking SET boarded_at = NULL WHERE id = :id"), {"id": made.serials[1]})
    signed(made)
    assert "暂不公布" in client.get(f"/figures/{made.campaign.id}").text


def test_an_issue_of_a_campaign_without_departures_is_empty_and_no_fault(client, database):
    with db.transaction() as session:
        found = scene(session)
    issue_id = drafted(found)
    sign_in(client)
    assert client.get(f"/desk/report/issues/{issue_id}").status_code == 200
    assert db.ask(lambda session: session.get(ReportIssue, issue_id)).figures["persons"] == 0
