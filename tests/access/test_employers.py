"""An employer's clerk gets in by invitation or by claiming the credit code; each district looks after its own."""

from __future__ import annotations

import re

import pytest
from access import pages

from charter.core.actor import Role

CODE, FREE = "91350200MA34567832", "91350200MA3333334H"
CLAIM = {"employer_name": "厦门乙有限公司", "name": "李四", "username": "lisi", "password": pages.PASSWORD,
         "evidence": "人事主管，座机 0592-1234567"}


@pytest.fixture
def huli(database):
    return pages.district()


@pytest.fixture
def organizer(app, huli):
    return pages.signed_in(app, pages.account(Role.DISTRICT_ORGANIZER, "huli", kind="district", key=huli))


@pytest.fixture
def elsewhere(app, database):
    key = pages.district("350211", "集美区")
    return pages.signed_in(app, pages.account(Role.DISTRICT_ORGANIZER, "jimei", kind="district", key=key))


def test_an_organizer_invites_a_clerk_of_his_district(app, organizer, huli):
    firm = pages.employer(huli)
    assert pages.post(organizer, f"/desk/employers/{firm}/invite", name="李四").status_code == 303
    guest = app.test_client()
    path = pages.path_of(pages.shown_once(organizer))
    answer = pages.post(guest, path, name="李四", username="lisi", password=pages.PASSWORD)
    assert answer.status_code == 303
    assert guest.get("/account").status_code == 200
    assert "lisi" in organizer.get(f"/desk/employers/{firm}").text


def test_a_foreign_employer_and_its_clerks_are_as_if_they_were_not(app, organizer, elsewhere, huli):
    firm = pages.employer(huli)
    clerk = pages.account(Role.EMPLOYER, "lisi", kind="employer", key=firm)
    browser = pages.signed_in(app, clerk)
    missing = "00000000-0000-4000-8000-000000000000"
    for url in (f"/desk/employers/{firm}", f"/desk/employers/{missing}"):
        assert elsewhere.get(url).status_code == 404
    for path in (f"{firm}/invite", f"{firm}/clerks/{clerk}/deactivate", f"{firm}/clerks/{clerk}/reset",
                 f"{firm}/clerks/{missing}/deactivate"):
        assert pages.post(elsewhere, f"/desk/employers/{path}").status_code == 404
    assert "厦门甲有限公司" not in elsewhere.get("/desk/employers").text
    assert browser.get("/account").status_code == 200
    assert pages.post(organizer, f"/desk/employers/{firm}/clerks/{clerk}/deactivate").status_code == 303
    assert browser.get("/account").status_code == 303


def test_an_organizer_reaches_no_account_but_clerks(app, organizer, huli):
    firm = pages.employer(huli)
    auditor = pages.account(Role.AUDITOR, "auditor1")
    for verb in ("deactivate", "reset", "activate"):
        assert pages.post(organizer, f"/desk/employers/{firm}/clerks/{auditor}/{verb}").status_code == 404


def test_a_claim_opens_nothing_before_it_is_accepted(app, organizer, elsewhere, huli):
    pages.employer(huli)
    clerk = app.test_client()
    assert pages.post(clerk, "/claim", credit_code=CODE.lower(), district=str(huli), **CLAIM).location == "/claim/done"
    fields = {"username": "lisi", "password": pages.PASSWORD}
    waiting = pages.post(clerk, "/sign-in/staff", **fields)
    assert waiting.status_code == 403
    assert "审核" in waiting.text
    assert pages.post(clerk, "/sign-in/staff", username="lisi", password="wrong but long").status_code == 422
    assert "lisi" not in elsewhere.get("/desk/employers").text
    claim = claim_of(organizer)
    assert pages.post(elsewhere, f"/desk/claims/{claim}/accept").status_code == 404
    assert pages.post(organizer, f"/desk/claims/{claim}/accept").status_code == 303
    assert pages.post(organizer, f"/desk/claims/{claim}/refuse").status_code == 409
    assert pages.post(clerk, "/sign-in/staff", **fields).status_code == 303


def claim_of(organizer) -> str:
    return re.search(r"/desk/claims/([0-9a-f-]{36})/accept", organizer.get("/desk/employers").text)[1]


def test_a_claim_of_an_employer_that_nobody_knew_adds_it(app, organizer, huli):
    clerk = app.test_client()
    pages.post(clerk, "/claim", credit_code=FREE, district=str(huli), **CLAIM)
    assert "还没有登记" in organizer.get("/desk/employers").text
    pages.post(organizer, f"/desk/claims/{claim_of(organizer)}/accept")
    assert FREE in organizer.get("/desk/employers").text
    assert pages.post(clerk, "/sign-in/staff", username="lisi", password=pages.PASSWORD).status_code == 303


def test_a_claim_goes_to_the_district_where_the_employer_is_whatever_was_chosen(app, organizer, elsewhere, huli):
    pages.employer(huli)
    chosen = pages.district("350213", "翔安区")
    pages.post(app.test_client(), "/claim", credit_code=CODE, district=str(chosen), **CLAIM)
    assert "lisi" in organizer.get("/desk/employers").text


def test_the_answer_to_a_claim_does_not_tell_whether_the_employer_is_known(app, huli):
    pages.employer(huli)
    answers = [pages.post(app.test_client(), "/claim", credit_code=code, district=str(huli),
                          **(CLAIM | {"username": name})) for code, name in ((CODE, "one"), (FREE, "two"))]
    assert {(answer.status_code, answer.location, answer.data) for answer in answers} == {
        (303, "/claim/done", answers[0].data)}


def test_a_refused_claim_frees_its_name(app, organizer, huli):
    clerk = app.test_client()
    pages.post(clerk, "/claim", credit_code=CODE, district=str(huli), **CLAIM)
    pages.post(organizer, f"/desk/claims/{claim_of(organizer)}/refuse")
    assert pages.post(clerk, "/sign-in/staff", username="lisi", password=pages.PASSWORD).status_code == 422
    assert pages.post(clerk, "/claim", credit_code=CODE, district=str(huli), **CLAIM).status_code == 303


def test_what_is_wrong_stands_at_its_field_and_what_was_typed_stays(app, huli):
    answer = pages.post(app.test_client(), "/claim", credit_code="91350200MA3456783X", district="", **CLAIM)
    assert answer.status_code == 422
    assert "credit_code-error" in answer.text
    assert 'value="厦门乙有限公司"' in answer.text
    assert pages.PASSWORD not in answer.text


def test_claims_from_one_address_are_limited(app, huli):
    client = app.test_client()
    last = [pages.post(client, "/claim", headers={"X-Forwarded-For": f"10.0.0.{number}"}, credit_code=CODE,
                       district=str(huli), **(CLAIM | {"username": f"clerk{number}"})).status_code
            for number in range(11)]
    assert last == [303] * 10 + [429]
