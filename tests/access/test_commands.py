"""Commands that hand out and check: exactly one token on the last line, and a pair that does not fit exits 2."""

from __future__ import annotations

import pytest
from access import pages
from bookings.factories import scene

from charter.access.service.tokens import SCOPE_OF_ROLE
from charter.cli import register
from charter.core import db, settings
from charter.core.actor import Role

UUID = "00000000-0000-4000-8000-000000000000"
KINDS = ("campaign", "district", "employer", "partner", "worker", "departure")


@pytest.fixture
def run(app):
    register(app)
    runner = app.test_cli_runner()
    return lambda *words: runner.invoke(args=list(words))


def scope(kind):
    return f"{kind}:{'1' if kind == 'departure' else UUID}"


def pairs():
    for role in Role:
        for kind in (None, *KINDS):
            yield role, kind, kind in SCOPE_OF_ROLE[role]


@pytest.mark.parametrize(("role", "kind", "fits"), list(pairs()))
def test_a_token_is_made_for_a_pair_that_fits_and_no_other(run, role, kind, fits):
    done = run("token", "create", "--role", str(role), *(["--scope", scope(kind)] if kind else []))
    assert done.exit_code == (0 if fits else 2), done.output
    if fits:
        last = done.output.rstrip("\n").split("\n")[-1]
        assert last.startswith("chr_")
        assert len(last.split()) == 1


def test_without_a_scope_only_the_city_and_the_managers(run):
    without = {role for role, kind, fits in pairs() if kind is None and fits}
    assert without == {Role.CITY_ORGANIZER, Role.ADMINISTRATOR, Role.SECURITY_MANAGER, Role.AUDITOR}
    assert {role for role, kind, fits in pairs() if kind == "departure" and fits} == {Role.SCANNER}


@pytest.mark.parametrize("words", [("--role", "king"), ("--role", "employer", "--scope", "employer"),
                                   ("--role", "employer", "--scope", ":x"), ("--role", "employer", "--scope", "x:1"),
                                   ("--role", "employer", "--scope", "employer:"), (),
                                   ("--role", "city_organizer", "--days", "-1"),
                                   ("--role", "city_organizer", "--days", "many")])
def test_nonsense_exits_2(run, words):
    assert run("token", "create", *words).exit_code == 2


def test_the_token_works_until_its_days_are_over(run, client, app):
    with db.transaction() as session:
        made = scene(session)
    token = run("token", "create", "--role", "employer", "--scope", f"employer:{made.employer.id}", "--days",
                "2").output.split()[-1]
    headers = {"Authorization": f"Bearer {token}"}
    url = f"/api/v1/campaigns/{made.campaign.id}/registrations"
    assert client.get(url, headers=headers).status_code == 200
    from datetime import timedelta

    from charter.core import clock
    with clock.travel(timedelta(days=2, seconds=1)):
        assert client.get(url, headers=headers).status_code == 401


def test_messages_are_shown_where_they_are_kept_and_nowhere_else(run, app):
    client = app.test_client()
    pages.post(client, "/sign-in/phone", phone="15400000001")
    assert "验证码是" in run("notices", "show", "--to", "15400000001").output
    settings.use(settings.read({"CHARTER_SMS": "https://sms.example/send"}))
    refused = run("notices", "show", "--to", "15400000001")
    assert refused.exit_code == 1
    assert "验证码是" not in refused.output
