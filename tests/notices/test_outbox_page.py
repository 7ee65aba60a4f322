"""Organizers see how messages went: never a whole phone number, never a text."""

from __future__ import annotations

import pytest
from desk import sign_in

from charter.core import db
from charter.core.actor import Role
from charter.notices.models import Outbox
from charter.notices.sending import send_waiting
from charter.notices.service import Notice, tell_many, templates
from charter.notices.views import KINDS


@pytest.fixture
def desk(client, database):
    db.act(tell_many, [Notice("13812345678", "sign_in_code", {"code": "482913"}, "code|1"),
                       Notice("13900000001", "seat_given", {"name": "张建国"}, "seat|1")])
    return sign_in(client)


def test_the_page_shows_last_four_digits_and_no_text(desk):
    page = desk.get("/desk/notices").text
    assert "•••• 5678" in page
    assert "登录验证码" in page
    for secret in ("13812345678", "482913", "张建国"):
        assert secret not in page


def test_filters_live_in_the_address(desk):
    send_waiting()
    with db.transaction() as session:
        session.query(Outbox).filter(Outbox.template == "seat_given").update({"state": "failed"})
    failed = desk.get("/desk/notices?state=failed").text
    assert "•••• 0001" in failed
    assert "•••• 5678" not in failed
    assert "•••• 0001" not in desk.get("/desk/notices?kind=sign_in_code&state=zzz&page=zzz").text


def test_a_word_is_kept_only_for_a_kind_of_message_that_is_sent():
    assert set(KINDS) <= set(templates())


def test_a_district_organizer_does_not_see_them(client, desk):
    sign_in(client, Role.DISTRICT_ORGANIZER, scope_kind="district", scope_id="00000000-0000-4000-8000-000000000000")
    assert client.get("/desk/notices").status_code == 403
