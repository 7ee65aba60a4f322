"""A link lets one person in once; a lost password or second factor has a way back that ends what was open."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from access import pages

from charter.access.models import Account
from charter.access.service import invitations
from charter.core import clock, db
from charter.core.actor import Role


@pytest.fixture
def manager(app):
    return pages.signed_in(app, pages.account(Role.SECURITY_MANAGER, "manager"))


def invited(manager, role: Role, **fields: str) -> str:
    assert pages.post(manager, f"/desk/accounts/invite?role={role}", name="张三", **fields).status_code == 303
    return pages.path_of(pages.shown_once(manager))


def secret_of(client, path: str) -> str:
    return re.search(r'class="secret">([A-Z2-7]+)<', client.get(path).text)[1]


def join(client, path, *, username="zhangsan", password=pages.PASSWORD, **fields):
    return pages.post(client, path, name="张三", username=username, password=password, **fields)


def test_an_invited_organizer_chooses_a_name_and_password_scans_the_secret_and_gets_recovery_codes(app, manager):
    path = invited(manager, Role.CITY_ORGANIZER)
    guest = app.test_client()
    answer = join(guest, path, digits=pages.now_code(secret_of(guest, path)))
    assert (answer.status_code, answer.location) == (303, "/once")
    codes = re.findall(r"<code>(\w{5}-\w{5})</code>", guest.get("/once").text)
    assert len(set(codes)) == 10
    assert pages.post(guest, "/once").location == "/home"
    assert guest.get("/once").status_code == 303, "shown once"
    assert guest.get("/desk/employers").status_code == 200
    newcomer = app.test_client()
    for code, status in ((codes[0], 303), (codes[0], 422), (codes[1].upper().replace("-", " "), 303)):
        assert pages.post(newcomer, "/sign-in/staff", username="zhangsan", password=pages.PASSWORD,
                          totp=code).status_code == status


def test_a_link_works_once_and_looking_at_it_uses_nothing_up(app, manager):
    path = invited(manager, Role.ADMINISTRATOR)
    first, second = app.test_client(), app.test_client()
    secret = secret_of(first, path)
    assert secret == secret_of(second, path)
    assert join(first, path, digits=pages.now_code(secret)).status_code == 303
    assert join(second, path, username="other", digits=pages.now_code(secret)).status_code == 410
    assert second.get(path).status_code == 410
    assert first.get("/join/" + "x" * 43).status_code == 410


def test_a_link_ends_after_a_week(app, manager):
    path = invited(manager, Role.AUDITOR)
    with clock.travel(timedelta(days=7, seconds=1)):
        assert app.test_client().get(path).status_code == 410


@pytest.mark.parametrize(("password", "why"), [
    ("short one", "12"), ("passwordpassword", "太容易"), ("qwertyuiop123456", "太容易"),
    ("charter-charter-1", "太容易"),
    ("aaaaaaaaaaaaaaaa", "太容易"), ("zhangsanzhangsan", "太容易"), ("gonghuifangang2020", "太容易")])
def test_a_password_that_is_easily_guessed_is_refused_and_the_name_is_kept(app, manager, password, why):
    path = invited(manager, Role.AUDITOR)
    guest = app.test_client()
    answer = join(guest, path, password=password, digits=pages.now_code(secret_of(guest, path)))
    assert answer.status_code == 422
    assert why in answer.text
    assert 'value="zhangsan"' in answer.text
    assert password not in answer.text
    assert guest.get(path).status_code == 200, "the link is still good"


def test_the_second_factor_must_be_shown_to_work(app, manager):
    path = invited(manager, Role.CITY_ORGANIZER)
    answer = join(app.test_client(), path, digits="000000")
    assert answer.status_code == 422
    assert "动态码不对" in answer.text


def test_a_name_that_is_taken_is_said_at_its_field(app, manager):
    path = invited(manager, Role.CITY_ORGANIZER)
    guest = app.test_client()
    answer = join(guest, path, username="manager", digits=pages.now_code(secret_of(guest, path)))
    assert answer.status_code == 422
    assert "username-error" in answer.text


def test_the_scope_is_what_was_offered_whatever_the_form_adds(app, manager):
    district = pages.district()
    path = invited(manager, Role.DISTRICT_ORGANIZER, scope=str(district))
    guest = app.test_client()
    digits = pages.now_code(secret_of(guest, path))
    assert join(guest, path, digits=digits, role="security_manager", scope="", scope_kind="", scope_id="",
                id="1", active="1").status_code == 303
    with db.transaction() as session:
        made = session.query(Account).filter(Account.username == "zhangsan").one()
        assert (made.role, made.scope_kind, made.scope_id) == (Role.DISTRICT_ORGANIZER, "district", str(district))
    assert guest.get("/desk/accounts").status_code == 403


def test_a_scope_that_does_not_exist_is_refused(manager):
    answer = pages.post(manager, f"/desk/accounts/invite?role={Role.DISTRICT_ORGANIZER}", name="x",
                        scope="00000000-0000-4000-8000-000000000000")
    assert answer.status_code == 422
    assert "没有找到这个范围" in answer.text


def test_a_funds_auditors_account_must_end_within_92_days(app, manager, database):
    with db.transaction() as session:
        from boarding import factories
        campaign = factories.world(session).campaign.id
    for days, status in ((0, 422), (93, 422), (30, 303)):
        until = (clock.today() + timedelta(days=days)).isoformat()
        answer = pages.post(manager, f"/desk/accounts/invite?role={Role.FUNDS_AUDITOR}", name="x",
                            scope=str(campaign), until=until)
        assert answer.status_code == status, days
    guest = app.test_client()
    assert join(guest, pages.path_of(pages.shown_once(manager))).status_code == 303
    assert guest.get("/account").status_code == 200
    with clock.travel(timedelta(days=31)):
        assert pages.post(app.test_client(), "/sign-in/staff", username="zhangsan",
                          password=pages.PASSWORD).status_code == 422


def test_a_reset_ends_sessions_and_sets_password_and_second_factor_anew(app, manager):
    other = pages.account(Role.AUDITOR, "auditor1")
    before = pages.signed_in(app, other)
    assert pages.post(manager, f"/desk/accounts/{other}/reset").status_code == 303
    path = pages.path_of(pages.shown_once(manager))
    assert before.get("/account").status_code == 303, "signed out"
    guest = app.test_client()
    secret = secret_of(guest, path)
    assert secret != pages.SECRET
    assert "auditor1" in guest.get(path).text
    fresh = "another kelp violin ninety"
    assert pages.post(guest, path, username="evil", password=fresh, digits=pages.now_code(secret)).status_code == 303
    assert guest.get("/account").text.count("auditor1") >= 1
    for password, digits, status in ((pages.PASSWORD, pages.now_code(), 422), (fresh, pages.now_code(), 422)):
        assert pages.post(app.test_client(), "/sign-in/staff", username="auditor1", password=password,
                          totp=digits).status_code == status


def test_a_second_reset_link_ends_the_first_one(app, manager):
    other = pages.account(Role.AUDITOR, "auditor1")
    paths = []
    for _ in range(2):
        pages.post(manager, f"/desk/accounts/{other}/reset")
        paths.append(pages.path_of(pages.shown_once(manager)))
    assert [app.test_client().get(path).status_code for path in paths] == [410, 200]


def test_somebody_who_leaves_is_out_at_once_and_his_links_and_tokens_too(app, manager):
    other = pages.account(Role.CITY_ORGANIZER, "organizer1")
    leaver = pages.signed_in(app, other)
    pages.post(leaver, "/desk/tokens/new?role=city_organizer", name="报表系统", days="30", kind="all")
    token = pages.shown_once(leaver)
    headers = {"Authorization": f"Bearer {token}"}
    url = "/api/v1/registrations/00000000-0000-4000-8000-000000000000"
    assert app.test_client().get(url, headers=headers).status_code == 404
    pages.post(manager, f"/desk/accounts/{other}/reset")
    path = pages.path_of(pages.shown_once(manager))
    assert pages.post(manager, f"/desk/accounts/{other}/deactivate").status_code == 303
    assert leaver.get("/account").status_code == 303
    assert app.test_client().get(url, headers=headers).status_code == 401
    assert app.test_client().get(path).status_code == 410
    assert pages.post(app.test_client(), "/sign-in/staff", username="organizer1", password=pages.PASSWORD,
                      totp=pages.now_code()).status_code == 422


def test_nobody_ends_himself_and_the_last_security_manager_stays(app):
    mine = pages.account(Role.SECURITY_MANAGER, "manager")
    manager = pages.signed_in(app, mine)
    assert pages.post(manager, f"/desk/accounts/{mine}/deactivate").status_code == 409
    second = pages.account(Role.SECURITY_MANAGER, "second")
    other = pages.signed_in(app, second)
    assert pages.post(other, f"/desk/accounts/{mine}/deactivate").status_code == 303
    assert manager.get("/desk/accounts").status_code == 303, "signed out"
    assert pages.post(other, f"/desk/accounts/{mine}/activate").status_code == 303
    manager = pages.signed_in(app, mine)
    assert pages.post(manager, f"/desk/accounts/{second}/deactivate").status_code == 303


def test_a_changed_role_signs_out(app, manager):
    district = pages.district()
    other = pages.account(Role.CITY_ORGANIZER, "organizer1")
    browser = pages.signed_in(app, other)
    answer = pages.post(manager, f"/desk/accounts/{other}/role?role=district_organizer", scope=str(district))
    assert answer.status_code == 303
    assert browser.get("/desk").status_code == 303
    assert "湖里区" in manager.get(f"/desk/accounts/{other}").text


def test_the_first_link_is_given_while_there_is_no_security_manager(app, database):
    first = db.act(invitations.first_link)
    second = db.act(invitations.first_link)
    guest = app.test_client()
    assert guest.get(first).status_code == 410, "a fresh link ends the one before"
    assert join(guest, second, digits=pages.now_code(secret_of(guest, second))).status_code == 303
    assert guest.get("/desk/accounts").status_code == 200
    assert db.act(invitations.first_link) is None


def test_inviting_wants_the_second_factor_shown_lately(app):
    manager = pages.signed_in(app, pages.account(Role.SECURITY_MANAGER, "manager"), fresh=False)
    answer = manager.get("/desk/accounts/invite?role=auditor")
    assert answer.location == "/step-up?next=/desk/accounts/invite?role%3Dauditor"
    old = manager.get_cookie("session").value
    assert pages.post(manager, answer.location, proof="000000").status_code == 422
    done = pages.post(manager, answer.location, proof=pages.now_code())
    assert done.location == "/desk/accounts/invite?role=auditor"
    assert manager.get(done.location).status_code == 200
    stale = app.test_client()
    stale.set_cookie("session", old)
    assert stale.get("/account").status_code == 303, "the session has another name now"
    with clock.travel(timedelta(minutes=15, seconds=1)):
        assert manager.get("/desk/accounts/invite?role=auditor").status_code == 303


def test_accounts_are_searched_and_paged(manager):
    for number in range(52):
        pages_account(number)
    first = manager.get("/desk/accounts?role=hotline").text
    assert first.count("<tr>") == 51
    assert "下一页" in first
    assert manager.get("/desk/accounts?role=hotline&page=2").text.count("<tr>") == 3
    assert manager.get("/desk/accounts?words=HOT-51").text.count("<tr>") == 2


def pages_account(number: int) -> None:
    with db.transaction() as session:
        session.add(Account(role=Role.HOTLINE, username=f"hot-{number:02d}", name="热线", scope_kind="campaign",
                            scope_id="00000000-0000-4000-8000-000000000000"))
