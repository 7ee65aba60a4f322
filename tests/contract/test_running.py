"""What the running contract says of the commands: which role goes with which scope, what is printed, what exits 2."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from bookings.factories import scene

from charter import cli
from charter.core import clock, db
from charter.core.actor import Role

FITS = {
    "worker": {"worker"},
    "employer": {"employer"},
    "hotline": {"campaign"},
    "origin_partner": {"partner"},
    "volunteer": {"campaign"},
    "scanner": {"departure"},
    "district_organizer": {"district"},
    "city_organizer": {"", "campaign"},
    "administrator": {""},
    "security_manager": {""},
    "auditor": {""},
    "funds_auditor": {"campaign"},
}
KINDS = ["", "campaign", "district", "employer", "partner", "worker", "departure", "city", "CAMPAIGN"]


@pytest.fixture
def run(app):
    cli.register(app)
    runner = app.test_cli_runner()
    return lambda *words: runner.invoke(args=list(words))


def test_the_roles_of_the_api_are_these_words():
    assert {str(role) for role in Role} == set(FITS)


@pytest.mark.parametrize("role", FITS)
def test_a_pair_that_does_not_fit_exits_2_and_prints_no_token(run, client, role):
    for kind in KINDS:
        key = "77" if kind == "departure" else str(uuid4())
        said = run("token", "create", "--role", role, *(["--scope", f"{kind}:{key}"] if kind else []))
        if kind in FITS[role]:
            assert said.exit_code == 0, (role, kind, said.output)
            token = said.output.splitlines()[-1]
            assert re.fullmatch(r"chr_[A-Za-z0-9_-]{40,}", token)
            answer = client.get("/api/v1/departures/5/boarding", headers={"Authorization": f"Bearer {token}"})
            assert answer.status_code in (403, 404)
        else:
            assert said.exit_code == 2, (role, kind, said.output)
            assert "chr_" not in said.output


@pytest.mark.parametrize(
    "scope",
    [
        "employer",
        "employer:",
        ":",
        ":x",
        "employer:x",
        "employer:1;2",
        "departure:x",
        "departure:0",
        "departure:9" + "9" * 20,
        "departure:１",
        "campaign:",
        "campaign:None",
        "district:01",
    ],
)
def test_a_scope_is_a_kind_and_an_id(run, scope):
    for role in ("employer", "scanner", "hotline", "district_organizer"):
        said = run("token", "create", "--role", role, "--scope", scope)
        assert said.exit_code == 2, said.output
        assert "chr_" not in said.output


@pytest.mark.parametrize(
    "words",
    [
        ["--role", "nobody"],
        [],
        ["--role", "city_organizer", "--days", "-1"],
        ["--role", "city_organizer", "--days", "x"],
        ["--role", "city_organizer", "--days", "367"],
        ["--role", "city_organizer", "--x", "1"],
    ],
)
def test_words_that_mean_nothing_exit_2(run, words):
    assert run("token", "create", *words).exit_code == 2


def test_a_token_ends_after_its_days(run, client):
    token = run("token", "create", "--role", "city_organizer", "--days", "1").output.splitlines()[-1]
    call = {"path": f"/api/v1/registrations/{uuid4()}", "headers": {"Authorization": f"Bearer {token}"}}
    assert client.get(**call).status_code == 404
    with clock.travel(timedelta(hours=25)):
        assert client.get(**call).status_code == 401


def test_an_employer_is_named_by_id_or_credit_code(run, client):
    with db.transaction() as session:
        made = scene(session)
    for key in (str(made.employer.id), made.employer.credit_code, str(made.employer.id).upper()):
        token = run("token", "create", "--role", "employer", "--scope", f"employer:{key}").output.splitlines()[-1]
        answer = client.get(
            f"/api/v1/campaigns/{made.campaign.id}/registrations", headers={"Authorization": f"Bearer {token}"}
        )
        assert answer.json == {"items": [], "next": None}


def test_an_invitation_is_a_link_that_works_once(run, client):
    with db.transaction() as session:
        made = scene(session)
    said = run("invite", "--departure", str(made.departure.id))
    assert said.exit_code == 0
    link = said.output.splitlines()[-1]
    assert re.fullmatch(r"https?://[^/]+/scan/#[A-Za-z0-9_-]{20,}", link)
    secret = link.rpartition("#")[2]
    joined = client.post("/api/v1/scanners", json={"invitation": secret, "name": "手机"})
    assert joined.status_code == 201
    assert client.post("/api/v1/scanners", json={"invitation": secret}).status_code in (404, 409, 410, 422)


@pytest.mark.parametrize("departure", ["77", "0", "-5", "x", "9" * 30, ""])
def test_an_invitation_to_nothing_exits_2_with_a_line(run, departure):
    said = run("invite", "--departure", departure)
    assert said.exit_code == 2
    assert said.exception is None or isinstance(said.exception, SystemExit)
    assert "Traceback" not in said.output


def test_messages_to_a_phone_are_shown_where_nothing_is_sent(run):
    said = run("notices", "show", "--to", "13800001234")
    assert (said.exit_code, said.output) == (0, "")
    assert run("notices", "show").exit_code == 2
