"""Commands: `flask --app wsgi ...`. Each does one thing and says one thing."""

from __future__ import annotations

import sys

import click
from flask import Flask
from flask.cli import AppGroup

from charter.access.service.tokens import ScopeMisfit, create_token
from charter.boarding.service.inviting import invite as invite_volunteer
from charter.core import audit, schema, settings
from charter.core.actor import Role
from charter.core.db import act, ask
from charter.core.installation import StartFault, database_faults, job_faults, leave, open_database, reachable
from charter.core.key_use import key_faults
from charter.notices import queries as notices

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
        _, text = act(create_token, Role(role), kind or None, key or None, days=days, name="command line")
    except ScopeMisfit as misfit:
        raise click.BadParameter(str(misfit), param_hint="--scope") from misfit
    click.echo(text)


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
    click.echo(settings.current().base_url + act(invite_volunteer, departure_id))


@trail.command("verify")
def audit_verify() -> None:
    """Walk the audit chain from its start; exit 1 where it does not hold."""
    found = ask(audit.verify)
    if found.first_bad is not None:
        sys.exit(f"The chain breaks at number {found.first_bad}: that event was changed, removed or moved.")
    if found.unsealed:
        sys.exit(f"{found.unsealed} events older than a minute are not in the chain: is a job worker running?")
    click.echo(f"The chain holds: {found.sealed} events.")


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
    for command in (tokens, messages, trail, invite, migrate, check):
        app.cli.add_command(command)
