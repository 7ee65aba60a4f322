from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from rosters.roster_world import World


@pytest.fixture
def world(client: FlaskClient) -> World:
    return World(client)
