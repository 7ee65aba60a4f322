"""One departure is one file: what it lacks from the next day, papers kept safely, the whole as one PDF."""

from __future__ import annotations

import io
import re
from datetime import timedelta

import pytest
from bookings.factories import riders, scene
from desk import sign_in, token
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from charter.boarding.service import leaving
from charter.bookings.service import Placement, place_many
from charter.bookings.travel import mark_boarded
from charter.campaigns.models import Carrier, Departure
from charter.core import clock, db
from charter.core.actor import Actor, Role
from charter.core.problems import Invalid, NotFound
from charter.funding import settling
from charter.funding.service import plan_costs, set_actual
from charter.insight import filing
from charter.insight.models import DeparturePaper
from charter.insight.problems import SameFile
from charter.insight.rules.papers import ITEMS, Found, Refused, content_kind, items, safe_name

CITY = Actor(Role.CITY_ORGANIZER, account_id="city")
PDF = b"%PDF-1.7\nan invoice"


def picture(colour="red"):
    out = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(out, "PNG")
    return out.getvalue()


@pytest.fixture
def made(database):
    """A coach of a carrier that left yesterday with two people, sealed and billed."""
    with db.transaction() as session:
        found = scene(session)
        found.carrier = Carrier(name="南江运输公司", home_division="511922")
        session.add(found.carrier)
        session.flush()
        row = session.get_one(Departure, found.departure.id)
        row.carrier_id, row.date = found.carrier.id, clock.today() - timedelta(days=1)
        people = riders(session, found, 2)
        serials = place_many(session, found.campaign.id, [Placement(one, row.id) for one in people])
        mark_boarded(session, found.campaign.id, dict.fromkeys(serials, clock.now()))
        plan_costs(session, {row.id: 1_000_000})
    db.act(leaving.depart, found.departure.id, CITY)
    return found


def row(made):
    return db.ask(filing.files, made.campaign)[0]


@given(st.binary(max_size=40), st.sampled_from([b"", b"<html>", b"MZ", b"PK\x03\x04", b"GIF89a"]))
def test_only_pdf_and_pictures_are_taken_whatever_they_are_called(tail, head):
    try:
        kind, _ = content_kind(head + tail)
    except Refused:
        return
    assert kind in ("application/pdf", "image/jpeg", "image/png")
    assert (head + tail).startswith((b"%PDF-", b"\xff\xd8\xff", b"\x89PNG"))


@given(st.text(max_size=90))
def test_a_name_is_safe_in_a_header_and_a_folder(written):
    found = safe_name(written, "pdf")
    assert re.fullmatch(r"[\w-]{1,60}\.pdf", found)


def test_a_train_needs_neither_plate_nor_road_pass():
    found = Found("train", False, (), False, False, False, False, 0, 0, 0, False, False)
    states = {one.key: one.there for one in items(found)}
    assert [key for key in ITEMS if states[key] is None] == ["plate", "road_pass", "hand_over"]
    assert states["cases"] is True
    assert states["list"] is False


def test_what_is_missing_is_listed_from_the_next_day_and_no_more_once_it_is_there(made):
    assert {"contract", "approval", "invoice", "voucher"} <= set(row(made).missing)
    assert "list" not in row(made).missing
    db.act(filing.add, made.departure.id, "approval", "批文.pdf", PDF)
    db.act(set_actual, made.departure.id, 900_000)
    db.act(settling.make_contract, made.campaign.id, settling.ContractIn(
        made.carrier.id, "HT-1", clock.today(), 3, "", {made.departure.id: 900_000}))
    settled = db.act(settling.settle, made.campaign.id, made.carrier.id, [made.departure.id])
    db.act(settling.pay, settled, "记-77", clock.today())
    found = row(made)
    assert not {"contract", "quotes", "approval", "payment", "voucher"} & set(found.missing)
    assert (found.vouchers, found.contract) == (("记-77",), "HT-1")
    with db.transaction() as session:
        session.get_one(Departure, made.departure.id).date = clock.today()
    assert db.ask(filing.files, made.campaign) == []


@pytest.mark.parametrize(("data", "code"), [(b"", "empty"), (b"<script>", "kind"), (b"%PDF-" + b"0" * 10_000_000,
                                                                                 "too_large"),
                                            (picture()[:30], "kind")])
def test_what_is_no_paper_is_refused_at_its_field(made, data, code):
    with pytest.raises(Invalid) as refused:
        db.act(filing.add, made.departure.id, "other", "x.pdf", data)
    assert [(one.field, one.code) for one in refused.value.errors] == [("file", code)]


def test_a_paper_stands_sealed_and_its_digest_outlives_it(made):
    key = db.act(filing.add, made.departure.id, "invoice", "发票.pdf", PDF)
    with db.transaction(read_only=True) as session:
        kept = session.get_one(DeparturePaper, key)
        assert PDF not in kept.content_sealed
    with pytest.raises(SameFile):
        db.act(filing.add, made.departure.id, "other", "b.pdf", PDF)
    assert db.act(filing.content, made.departure.id, key)[1] == PDF
    db.act(filing.take_out, made.departure.id, key)
    with pytest.raises(NotFound):
        db.act(filing.content, made.departure.id, key)
    with db.transaction(read_only=True) as session:
        kept = session.get_one(DeparturePaper, key)
        assert (kept.content_sealed, len(kept.digest), kept.name) == (None, 32, "发票.pdf")


def test_a_paper_of_another_departure_is_not_found(made):
    key = db.act(filing.add, made.departure.id, "invoice", "a.pdf", PDF)
    with pytest.raises(NotFound):
        db.act(filing.content, 1, key)


def upload(client, made, data, name="现场.png", kind="hand_over"):
    address = f"/desk/departures/{made.departure.id}/file"
    return client.post(address + "/add", content_type="multipart/form-data",
                       data=token(client, address) | {"kind": kind, "file": (io.BytesIO(data), name)})


def test_papers_are_put_in_and_never_served_as_a_page(client, made):
    sign_in(client)
    address = f"/desk/departures/{made.departure.id}/file"
    refused = upload(client, made, b"<html><script>alert(1)</script>", "a.png")
    assert refused.status_code == 422
    assert "只收 PDF、JPG、PNG 文件" in refused.text
    assert upload(client, made, picture()).status_code == 303
    assert upload(client, made, PDF, "../../发票 1.exe", "invoice").status_code == 303
    found = re.findall(rf'href="({address}/[\w-]+)">([^<]+)<', client.get(address).text)
    assert [name for _, name in found] == ["现场.png", "发票_1.pdf"]
    for link, _ in found:
        answer = client.get(link)
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert client.post(found[0][0] + "/take-out", data=token(client, address)).status_code == 303
    assert client.get(found[0][0]).status_code == 404


def test_the_file_leaves_as_one_pdf_with_its_papers_in_it(client, made):
    sign_in(client)
    upload(client, made, picture("blue"))
    upload(client, made, PDF, "发票.pdf", "invoice")
    answer = client.get(f"/desk/departures/{made.departure.id}/file.pdf")
    assert answer.data.startswith(b"%PDF")
    assert answer.data.count(b"/EmbeddedFile") >= 2
    assert answer.headers["Content-Disposition"].startswith("attachment")


def test_what_is_missing_is_read_by_item_and_by_the_funds_auditor(client, made):
    sign_in(client, Role.FUNDS_AUDITOR, scope_kind="campaign", scope_id=str(made.campaign.id))
    assert "巴中01" in client.get("/desk/papers").text
    assert "巴中01" not in client.get("/desk/papers?item=list").text
    address = f"/desk/departures/{made.departure.id}/file"
    assert client.get(address).status_code == 200
    assert client.post(address + "/add").status_code == 403
    sign_in(client, Role.VOLUNTEER, scope_kind="campaign", scope_id=str(made.campaign.id))
    assert client.get(address).status_code == 403
