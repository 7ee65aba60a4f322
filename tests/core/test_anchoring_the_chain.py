"""Signed heads of the chain in a file outside: an end that was cut and a chain that was written anew are found."""

from __future__ import annotations

import pytest
from sealing import seal_all
from sqlalchemy import text

from charter.core import anchors, audit, db, sealed, settings


@pytest.fixture
def file(database, tmp_path):
    path = tmp_path / "anchors"
    settings.use(settings.read({"CHARTER_ANCHORS": str(path)}))
    return path


def write(count, cut_off=0):
    """Events that are sealed, with those whose seals were cut off."""
    for number in range(count):
        db.act(audit.record, "thing.done", "thing", number)
    seal_all(count + cut_off)


def cut(session, least):
    session.execute(text("ALTER TABLE audit_seal DISABLE TRIGGER USER"))
    session.execute(text("DELETE FROM audit_seal WHERE seq >= :least"), {"least": least})


def forge(session):
    session.execute(text("ALTER TABLE audit_event DISABLE TRIGGER USER"))
    session.execute(text("UPDATE audit_event SET actor = 'somebody else' WHERE id = 1"))


def test_each_new_head_is_written_once_and_holds(file):
    assert anchors.drop() is None
    write(3)
    assert anchors.drop().seq == 3
    assert anchors.drop() is None
    write(2)
    assert anchors.drop().seq == 5
    assert [one.seq for one in anchors.read(file)] == [3, 5]
    assert db.ask(anchors.compare, anchors.read(file)) is None
    assert file.stat().st_mode & 0o777 == 0o600


def test_an_end_that_was_cut_is_found(file):
    write(6)
    anchors.drop()
    db.act(cut, 5)
    assert db.ask(audit.verify).first_bad is None
    assert db.ask(anchors.compare, anchors.read(file)) == 6


def test_a_chain_that_was_written_anew_is_found(file):
    write(4)
    anchors.drop()
    db.act(cut, 1)
    db.act(forge)
    write(1, cut_off=4)
    assert db.ask(audit.verify).first_bad is None
    assert db.ask(anchors.compare, anchors.read(file)) == 4


def test_a_line_that_somebody_else_wrote_is_refused(file):
    write(2)
    anchors.drop()
    line = file.read_text()
    for changed in (line.replace("2 ", "3 ", 1), line[:-3] + "00\n", "nonsense\n"):
        file.write_text(changed)
        with pytest.raises(ValueError, match="line 1"):
            anchors.read(file)
    file.write_text(line)
    sealed.configure(sealed.new_ring())
    with pytest.raises(ValueError, match="line 1"):
        anchors.read(file)


def test_the_command_says_that_the_chain_is_another_one(file, app):
    from charter import cli

    cli.register(app)
    write(3)
    anchors.drop()
    run = app.test_cli_runner()
    good = run.invoke(args=["audit", "verify", "--anchors", str(file)])
    assert (good.exit_code, "holds" in good.output) == (0, True)
    db.act(cut, 3)
    bad = run.invoke(args=["audit", "verify", "--anchors", str(file)])
    assert bad.exit_code == 1
    assert "anchored at number 3" in bad.output
