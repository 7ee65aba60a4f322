"""What every test may ask for: a fresh database, the application on it, a client, a page in a real browser."""

from __future__ import annotations

import os
from collections.abc import Iterator

import database as databases
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from charter.app import create_app
from charter.core import db, sealed, settings
from charter.core.postgres import Server


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """The run's server; the workers of one run share it."""
    with databases.server(os.environ.get("PYTEST_XDIST_TESTRUNUID", str(os.getpid()))) as shared:
        yield shared


@pytest.fixture
def database(postgres: Server) -> Iterator[str]:
    """The address of a migrated database of this test's own, bound to charter.core.db."""
    with databases.fresh(postgres) as url:
        sealed.configure(sealed.new_ring())
        settings.use(settings.read({}))
        db.bind(url)
        yield url
        db.unbind()


@pytest.fixture
def session(database: str) -> Iterator[Session]:
    """A session in one transaction, committed when the test ends well."""
    with db.transaction() as opened:
        yield opened


@pytest.fixture
def app(database: str) -> Flask:
    """The application on this test's database; a fault is raised, not turned into a page."""
    return create_app(propagate_faults=True)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A caller of the application."""
    return app.test_client()
