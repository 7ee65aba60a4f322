"""Commands: `flask --app wsgi ...`. Each does one thing and says one thing."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from uuid import UUID

import click
from flask import Flask
from flask.cli import AppGroup
from sqlalchemy import select
from sqlalchemy.orm import Session

from charter.access.service.tokens import ScopeMisfit, create_token
from charter.boarding.service.inviting import invite as invite_volunteer
from charter.core import anchors, audit, ids, schema, settings
from charter.core.actor import Role
from charter.core.db import act, ask
from charter.core.ids import uuid_or_none
from charter.core.installation import (
    ADDRESS,
    StartFault,
    database_faults,
    job_faults,
    leave,
    open_database,
    reachable,
)
from charter.core.key_use import key_faults
from charter.core.problems import NotFound
from charter.demo.drill import alone as run_drill
from charter.notices import queries as notices
from charter.people.models import Employer

__all__ = ["register"]

tokens = AppGroup("token", help="API tokens.")
messages = AppGroup("notices", help="Messages to people.")
trail = AppGroup("audit", help="The audit trail.")


@tokens.command("create")
@click.option("--role", required=True, type=click.Choice([str(role) for role in Role]))
@click.option("--scope", default=None, metavar="KIND:ID")
@click.option("--days", default=30.0, type=click.FloatRange(0, 366))
def token_create(role: str, scope: str | None, days: float) -> None:
    """Print one API token, alone on the last line."""
    kind, mark, key = (scope or "").partition(":")
    if scope is not None and not (mark and key):
        raise click.BadParameter("write it as KIND:ID", param_hint="--scope")
    try:
        _, text = act(create_token, Role(role), kind or None, _scope_id(kind, key), days=days, name="command line")
    except ScopeMisfit as misfit:
        raise click.BadParameter(str(misfit), param_hint="--scope") from misfit
    click.echo(text)


def _scope_id(kind: str, key: str) -> str | None:
    """The id in the form in which it is compared; an employer may be named by its credit code. Raises ScopeMisfit."""
    if not key:
        return None
    if kind == "departure":
        if key.isascii() and key.isdigit() and 0 < int(key[:20]) <= ids.MAX_DEPARTURE:
            return str(int(key))
    elif (known := uuid_or_none(key)) is not None:
        return str(known)
    elif kind == "employer" and (found := ask(_employer_by_code, key)) is not None:
        return str(found)
    raise ScopeMisfit(f"{key} is no id of a {kind}")


def _employer_by_code(session: Session, code: str) -> UUID | None:
    return session.scalar(select(Employer.id).where(Employer.credit_code == code.upper()))


@messages.command("show")
@click.option("--to", "phone", required=True, metavar="PHONE")
def notices_show(phone: str) -> None:
    """The newest messages to a phone, where the local adapter keeps them."""
    if settings.current().sms != "local":
        sys.exit("A real gateway is in use: messages are not shown.")
    for line in ask(notices.newest_to, phone, 10):
        click.echo(line)


@click.command("invite")
@click.option("--departure", "departure_id", required=True, type=int)
def invite(departure_id: int) -> None:
    """Print a fresh invitation link for a volunteer's phone."""
    if not 0 < departure_id <= ids.MAX_DEPARTURE:
        raise click.BadParameter("no such departure", param_hint="--departure")
    try:
        path = act(invite_volunteer, departure_id)
    except NotFound as missing:
        raise click.BadParameter("no such departure", param_hint="--departure") from missing
    click.echo(_address() + path)


def _address() -> str:
    """Where this installation is served: as the environment says, else where it was served last."""
    chosen = settings.current()
    kept = chosen.data / ADDRESS
    told = any(os.environ.get(name) for name in ("CHARTER_URL", "CHARTER_HOST", "CHARTER_PORT", "CHARTER_TLS"))
    return chosen.base_url if told or not kept.is_file() else kept.read_text(encoding="utf-8")


@trail.command("verify")
@click.option("--anchors", "file", default=None, type=click.Path(exists=True, dir_okay=False, path_type=Path),
              help="File of signed heads, to find an end that was cut off or a chain that was written anew.")
def audit_verify(file: Path | None) -> None:
    """Walk the audit chain from its start; exit 1 where it does not hold."""
    found = ask(audit.verify)
    _against(file)
    if found.first_bad is not None:
        sys.exit(f"The chain breaks at number {found.first_bad}: that event was changed, removed or moved.")
    if found.unsealed:
        sys.exit(f"{found.unsealed} events older than a minute are not in the chain: is a job worker running?")
    click.echo(f"The chain holds: {found.sealed} events.")


@click.command("drill")
@click.option("--coaches", default=4, type=click.IntRange(1, 200))
@click.option("--seats", default=40, type=click.IntRange(2, 50))
@click.option("--seed", default=1, type=int)
def drill(coaches: int, seats: int, seed: int) -> None:
    """Replay a departure day with faults on a database of its own; exit 1 where anybody is lost or counted twice."""
    leave()
    found = run_drill(coaches, seats, seed, click.echo)
    if found.faults:
        sys.exit("\n".join(found.faults))
    click.echo(f"Nobody was lost and nobody counted twice: {found}.")


def _against(file: Path | None) -> None:
    if file is None:
        return
    try:
        gone = ask(anchors.compare, anchors.read(file))
    except ValueError as wrong:
        sys.exit(f"{file}: {wrong}.")
    if gone is not None:
        sys.exit(f"The chain is not the one that was anchored at number {gone}: it was cut or written anew.")


@click.command("migrate")
def migrate() -> None:
    """Run the migrations that the database has not seen."""
    try:
        schema.upgrade(open_database(settings.load()))
    except StartFault as fault:
        sys.exit("\n".join(fault.lines))
    finally:
        leave()


@click.command("check")
def check() -> None:
    """What is wrong with settings, database, migrations, keys and jobs: a line each."""
    try:
        lines = _look(settings.load())
    except StartFault as fault:
        lines = fault.lines
    finally:
        leave()
    if lines:
        sys.exit("\n".join(lines))
    click.echo("Nothing is wrong.")


def _look(chosen: settings.Settings) -> list[str]:
    """Every line; a database on a server is looked at even where the settings are wrong."""
    lines = settings.faults(chosen)
    if lines:
        looks = chosen.database_url.startswith("postgresql://")
        return lines + (reachable(chosen.database_url) or database_faults(chosen, chosen.database_url) if looks else [])
    url = open_database(chosen)
    return reachable(url) or database_faults(chosen, url) or job_faults(url) + ask(key_faults)


def register(app: Flask) -> None:
    """Give the application its commands."""
    for command in (tokens, messages, trail, invite, drill, migrate, check):
        app.cli.add_command(command)
