"""An empty installation is filled: districts, partners, employers; then everybody can be invited for them."""

from __future__ import annotations

import re

import pytest
from access import pages

from charter.core import db
from charter.core.actor import Role
from charter.people.models import District, Employer, Partner, Union


@pytest.fixture
def city(app, database):
    return pages.signed_in(app, pages.account(Role.CITY_ORGANIZER, "city"))


def test_an_empty_city_gets_a_district_an_employer_and_its_clerk(app, city):
    assert "先写下目的地城市的各区" in city.get("/desk/organizations").text
    written = pages.post(city, "/desk/organizations/district", place="厦门市湖里区", hotline="0592-12351")
    assert written.status_code == 303
    with db.transaction() as session:
        made = session.query(District).one()
        assert (made.code, made.name) == ("350206", "湖里区")
        assert session.get_one(Union, made.union_id).hotline == "0592-12351"
        key = made.id
    answer = pages.post(city, "/desk/employers/new", name="厦门甲有限公司", credit_code="91350200ma34567832",
                        district=str(key))
    assert answer.status_code == 303
    assert pages.post(city, f"{answer.location}/invite", name="李四").status_code == 303
    guest = app.test_client()
    assert pages.post(guest, pages.path_of(pages.shown_once(city)), name="李四", username="lisi",
                      password=pages.PASSWORD).status_code == 303
    assert guest.get("/account").status_code == 200


@pytest.mark.parametrize(("place", "hotline", "field"), [("火星区", "12351", "place"), ("", "12351", "place"),
                                                         ("350206", "call us", "hotline"), ("350206", "", "hotline")])
def test_a_district_that_cannot_be_is_said_at_its_field(city, place, hotline, field):
    answer = pages.post(city, "/desk/organizations/district", place=place, hotline=hotline)
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert f'value="{place or hotline}"' in answer.text


def test_a_district_and_a_partner_stand_once(city):
    for status in (303, 422):
        assert pages.post(city, "/desk/organizations/district", place="350206", hotline="12351").status_code == status
    for status in (303, 422):
        assert pages.post(city, "/desk/organizations/partner", name="南江县人社局",
                          places="四川省南江县、四川省通江县").status_code == status
    with db.transaction() as session:
        assert sorted(session.query(Partner).one().divisions) == ["511921", "511922"]
    assert pages.post(city, "/desk/organizations/partner", name="x", places="四川省南江县、火星").status_code == 422


def test_a_district_organizer_adds_to_his_own_district_whatever_the_form_says(app):
    mine, other = pages.district(), pages.district("350211", "集美区")
    browser = pages.signed_in(app, pages.account(Role.DISTRICT_ORGANIZER, "huli", kind="district", key=mine))
    assert browser.get("/desk/organizations").status_code == 403
    assert pages.post(browser, "/desk/employers/new", name="厦门乙有限公司", district=str(other)).status_code == 303
    with db.transaction() as session:
        assert session.query(Employer).one().district_id == mine


def test_a_code_that_is_taken_is_told_without_naming_a_foreign_employer(app):
    mine, other = pages.district(), pages.district("350211", "集美区")
    pages.employer(other, name="别区的公司")
    browser = pages.signed_in(app, pages.account(Role.DISTRICT_ORGANIZER, "huli", kind="district", key=mine))
    answer = pages.post(browser, "/desk/employers/new", name="厦门乙有限公司", credit_code="91350200MA34567832")
    assert answer.status_code == 422
    assert "已在别的区登记" in answer.text
    assert "别区的公司" not in answer.text
    bad = pages.post(browser, "/desk/employers/new", name="", credit_code="123")
    assert len(re.findall(r'id="(?:name|credit_code)-error"', bad.text)) == 2
