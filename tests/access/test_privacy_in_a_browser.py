"""The pages of deletion and of keys, looked at in both languages and sizes; a key is renewed from the page."""

from __future__ import annotations

from datetime import timedelta

import pytest
from bookings.factories import riders, scene
from desk import _session
from looking import looking

from charter import jobs
from charter.access.service import keeping
from charter.core import clock, db, rotation, sealed
from charter.core.actor import Role
from charter.core.key_use import key_use

pytestmark = pytest.mark.browser


def test_deletion_and_keys_as_their_managers_see_them(database):
    first = sealed.new_ring()
    sealed.configure(first)
    with db.transaction() as session:
        riders(session, scene(session), 4)
    sealed.configure(f"2:{sealed.new_ring().partition(':')[2]},{first}")
    with clock.travel(timedelta(days=50)):
        db.act(keeping.erase)
    db.act(keeping.hold, "市审计局", "审通〔2030〕7号", clock.today() + timedelta(days=60))
    security = db.act(_session, Role.SECURITY_MANAGER, None, None)
    administrator = db.act(_session, Role.ADMINISTRATOR, None, None)
    with looking() as looker:
        wrong = looker.look({"privacy": "/desk/privacy"}, security)
        wrong += looker.look({"system-keys": "/desk/system"}, administrator)
        page = looker.page(administrator)
        page.goto(looker.address + "/desk/system")
        with page.expect_navigation():
            page.get_by_role("button", name="把旧内容改用新密钥封存").click()
        jobs.TASKS[rotation.JOB].run()
        page.reload()
        assert page.get_by_role("button", name="把旧内容改用新密钥封存").count() == 0
    assert wrong == []
    with db.transaction(read_only=True) as session:
        assert {use.number: use.values for use in key_use(session)}[1] == 0
