"""An employer's poster carries the link of that employer, and the link leads to its own form."""

from __future__ import annotations

import re

import bookings.factories as make
from flask import Flask

from charter.access.models import Account
from charter.access.service import sessions
from charter.core import db


def test_the_link_of_the_poster_chooses_the_employer(app: Flask) -> None:
    with db.transaction() as session:
        made = make.scene(session)
        clerk = Account(role="employer", name="李会计", scope_kind="employer", scope_id=str(made.employer.id))
        worker = Account(role="worker", name="")
        session.add_all([clerk, worker])
        session.flush()
        cookies = [sessions.begin(session, one, second_factor=False) for one in (clerk, worker)]
    client = app.test_client()
    client.set_cookie("session", cookies[0])
    page = client.get("/desk/poster").text
    assert "data:image/svg+xml;base64," in page
    link = re.search(r'href="https?://[^/"]+(/join\?employer=[0-9a-f-]+)"', page)
    assert link
    phone = app.test_client()
    phone.set_cookie("session", cookies[1])
    form = phone.get(link[1], follow_redirects=True).text
    assert re.search(rf'value="{made.employer.id}" checked', form)
