"""What keeps an installation from starting: one line each, which names the setting and says what to do."""

from __future__ import annotations

import base64

import pytest

from charter.cli import register
from charter.core import db, installation, settings
from charter.core.installation import mark_demo

RANDOM = base64.b64encode(bytes(range(32))).decode()  # the same in each worker of a run
GOOD = {"CHARTER_ENV": "production", "DATABASE_URL": "postgresql://charter@db.example/charter",
        "CHARTER_KEYS": f"1:{RANDOM}", "CHARTER_SMS": "https://sms.example/send", "CHARTER_URL": "https://charter.example"}


def faults(**changed):
    return settings.faults(settings.read(GOOD | changed))


def test_a_whole_production_has_no_fault():
    assert faults() == []


@pytest.mark.parametrize(("name", "value", "says"), [
    ("CHARTER_KEYS", "", "CHARTER_KEYS is missing"), ("CHARTER_KEYS", "secret", "not a key ring"),
    ("CHARTER_KEYS", "1:" + base64.b64encode(b"short").decode(), "not a key ring"),
    ("CHARTER_KEYS", "1:" + base64.b64encode(b"A" * 32).decode(), "not random"),
    ("CHARTER_KEYS", "1:" + base64.b64encode(b"change-me" * 3 + b"chang").decode(), "not random"),
    ("CHARTER_KEYS", f"1:{RANDOM},1:{RANDOM}", "not a key ring"), ("FLASK_DEBUG", "1", "FLASK_DEBUG is on"),
    ("CHARTER_SMS", "local", "sends nothing"), ("CHARTER_SMS", "http://sms.example", "not an https address"),
    ("CHARTER_URL", "http://charter.example", "not an https address"), ("CHARTER_URL", "", "not an https address"),
    ("DATABASE_URL", "mysql://x/y", "DATABASE_URL"), ("CHARTER_PORT", "70000", "CHARTER_PORT"),
    ("CHARTER_WEB_WORKERS", "many", "CHARTER_WEB_WORKERS"),
    ("CHARTER_TRUSTED_PROXIES", "-1", "CHARTER_TRUSTED_PROXIES"),
    ("CHARTER_HOLD_SECONDS", "0", "CHARTER_HOLD_SECONDS"), ("CHARTER_ENV", "staging", "CHARTER_ENV")])
def test_each_fault_is_one_line_that_says_what_to_do(name, value, says):
    lines = faults(**{name: value})
    assert len(lines) == 1, lines
    assert says in lines[0]
    assert "\n" not in lines[0]
    assert ":" in lines[0], "what to do"
    assert not value or len(value) < 12 or value not in lines[0] or name in ("CHARTER_SMS", "CHARTER_URL"), "no secret"


def test_several_faults_are_all_told():
    lines = faults(CHARTER_KEYS="", CHARTER_SMS="local", CHARTER_URL="", FLASK_DEBUG="1")
    assert len(lines) == 4


def test_what_production_refuses_a_trial_may_have():
    trial = {"CHARTER_ENV": "development", "CHARTER_SMS": "local", "CHARTER_URL": "", "FLASK_DEBUG": "1"}
    assert faults(**trial) == []


def test_the_demo_is_refused_in_production_and_nowhere_else(database):
    db.act(mark_demo)
    production, trial = (settings.read(GOOD | {"CHARTER_ENV": kind}) for kind in ("production", "development"))
    assert "sign-ins everybody knows" in installation.database_faults(production, database)[0]
    assert installation.database_faults(trial, database) == []


def test_check_tells_settings_and_database_at_once(app, database, monkeypatch):
    register(app)
    db.act(mark_demo)
    for name, value in (GOOD | {"DATABASE_URL": database, "CHARTER_SMS": "local"}).items():
        monkeypatch.setenv(name, value)
    done = app.test_cli_runner().invoke(args=["check"])
    assert done.exit_code == 1
    lines = done.output.strip().split("\n")
    assert len(lines) == 2
    assert "CHARTER_SMS" in lines[0]
    assert "demo" in lines[1]
