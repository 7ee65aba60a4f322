"""An installation ends cleanly when asked, recovers from every kill, and says in a line what keeps it from starting."""

from __future__ import annotations

import os
import signal
import socket
import ssl
import urllib.request

import psycopg
import pytest
from wiring.installations import Installation
from wiring.processes import waited

from charter.core import sealed


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    """One installation for all tests that start and end it."""
    made = Installation(tmp_path_factory.mktemp("kept") / "data")
    yield made
    made.clear()


@pytest.fixture
def serving(kept):
    kept.start()
    yield kept
    if kept.process.poll() is None:
        kept.signal(signal.SIGTERM)
    assert kept.processes() == {}


@pytest.fixture
def other(tmp_path):
    made = Installation(tmp_path / "other")
    yield made
    made.clear()


@pytest.fixture
def unused_ring():
    return sealed.new_ring()


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_everything_within_ten_seconds(serving, sign):
    lines = list(serving.processes().values())
    assert all(any(word in line for line in lines) for word in ("granian", "charter.jobs", "postgres"))
    assert serving.signal(sign) < 10
    assert serving.process.returncode == 0
    assert serving.processes() == {}


def test_a_signal_while_it_makes_ready_ends_everything_too(kept):
    kept.begin()
    assert waited(lambda: any("postgres" in line for line in kept.processes().values()))
    assert kept.signal(signal.SIGTERM) < 10
    assert kept.processes() == {}


def test_after_the_supervisor_was_killed_its_children_go_and_the_next_start_serves(serving):
    serving.signal(signal.SIGKILL)
    assert waited(lambda: not any("granian" in line or "charter.jobs" in line for line in serving.processes().values()))
    serving.start()


@pytest.mark.parametrize("word", ["granian", "charter.jobs", "postgres"])
def test_who_is_killed_is_started_again(serving, word):
    old = serving.pid(word)
    os.kill(old, signal.SIGKILL)
    assert waited(lambda: serving.pid(word) not in (None, old))
    assert waited(serving.ready)
    assert serving.process.poll() is None


def test_after_everything_was_killed_at_once_the_next_start_recovers(serving):
    for pid in serving.processes():
        os.kill(pid, signal.SIGKILL)
    serving.process.communicate()
    serving.start()


def test_two_installations_live_side_by_side(serving, other):
    other.start()
    assert serving.ready()
    assert other.signal(signal.SIGTERM) < 10
    assert other.processes() == {}
    assert serving.ready()


def test_commands_use_the_installation_that_is_served_and_one_that_is_not(serving):
    made = serving.run("-m", "flask", "--app", "wsgi", "token", "create", "--role", "city_organizer")
    assert made.stdout.splitlines()[-1].startswith("chr_"), made.stderr
    assert serving.run("-m", "flask", "--app", "wsgi", "check").stdout == "Nothing is wrong.\n"
    serving.signal(signal.SIGTERM)
    checked = serving.run("-m", "flask", "--app", "wsgi", "check")
    assert (checked.returncode, checked.stdout) == (0, "Nothing is wrong.\n"), checked.stderr


def test_a_port_in_use_is_told_in_one_line(other):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", other.port))
        taken.listen()
        said = other.refused()
    assert said.startswith(f"Port {other.port} on 127.0.0.1 cannot be used")
    assert said.count("\n") == 1


def test_a_database_that_is_not_there_is_told_in_one_line(other, unused_ring):
    other.environment |= {"DATABASE_URL": "postgresql://nobody@127.0.0.1:9/charter", "CHARTER_KEYS": unused_ring}
    for said in (other.refused(), other.run("-m", "charter.jobs").stderr,
                 other.run("-m", "flask", "--app", "wsgi", "check").stderr):
        assert said.startswith("The database at 127.0.0.1 cannot be reached (Connection refused)")
        assert said.count("\n") == 1


def test_migrations_that_are_behind_are_told_where_nobody_runs_them(other, postgres, unused_ring):
    with psycopg.connect(postgres.url("postgres"), autocommit=True) as connection:
        connection.execute("CREATE DATABASE bare")
    try:
        other.environment |= {"DATABASE_URL": postgres.url("bare"), "CHARTER_KEYS": unused_ring}
        for command in (("-m", "charter.jobs"), ("-m", "flask", "--app", "wsgi", "check"),
                        ("-m", "flask", "--app", "wsgi", "token", "create", "--role", "auditor"),
                        ("-m", "granian", "--interface", "wsgi", "--port", str(other.port), "wsgi:app")):
            done = other.run(*command)
            assert done.returncode == 1
            assert "The database lacks migrations: run `flask --app wsgi migrate`" in done.stderr
        assert other.run("-m", "flask", "--app", "wsgi", "migrate").returncode == 0
        said = other.run("-m", "flask", "--app", "wsgi", "check").stderr
        assert said == "No job worker is alive: start `python -m charter.jobs` (`make run` does so by itself).\n"
    finally:
        with psycopg.connect(postgres.url("postgres"), autocommit=True) as connection:
            connection.execute("DROP DATABASE bare WITH (FORCE)")


def test_production_without_its_secrets_says_each_in_a_line(other):
    other.environment |= {"CHARTER_ENV": "production", "DATABASE_URL": "postgresql://nobody@127.0.0.1:9/charter"}
    assert [line.split(" ")[0] for line in other.refused().splitlines()] == [
        "CHARTER_KEYS", "CHARTER_SMS", "CHARTER_URL"]


def test_a_key_ring_that_is_lost_is_not_silently_made_anew(other):
    other.start()
    other.signal(signal.SIGTERM)
    (other.data / "keys").unlink()
    said = other.refused()
    assert "keys is missing, and the database is sealed with it" in said
    assert said.count("\n") == 1


def test_https_with_a_certificate_of_its_own(other):
    other.environment["CHARTER_TLS"] = "1"
    other.begin()
    assert waited((other.data / "tls.crt").exists)
    trust = ssl.create_default_context(cafile=other.data / "tls.crt")

    def page():
        try:
            return urllib.request.urlopen(f"https://localhost:{other.port}/sign-in", context=trust, timeout=5)
        except OSError:
            return None
    assert waited(page)
    with page() as answer:
        cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-visit=")
    assert "Secure" in cookie
    assert (other.data / "tls.key").stat().st_mode & 0o777 == 0o600
    with urllib.request.urlopen(f"https://127.0.0.1:{other.port}/health/live", context=trust, timeout=5) as answer:
        assert answer.status == 200
