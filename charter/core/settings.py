"""What an installation may be told: one table of names, read once at the start from the environment and `.env`."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from dotenv import dotenv_values

from charter.core import sealed

__all__ = ["TABLE", "Option", "Settings", "current", "faults", "key_ring", "load", "read", "use", "written"]


@dataclass(frozen=True, slots=True)
class Option:
    """One row of the table: its name in the environment, what holds where it is not given, what it means."""

    name: str
    default: str
    meaning: str


TABLE = (
    Option("CHARTER_DATA", "var/data", "Folder of the embedded database and its key ring"),
    Option("DATABASE_URL", "", "PostgreSQL server to use instead of the embedded one (`postgresql://...`)"),
    Option("CHARTER_KEYS", "", "Key ring `2:base64,1:base64`, 32 bytes each, the first one active; "
           "with the embedded database it is made at the first start, in `keys` of the data folder"),
    Option("CHARTER_ENV", "development", "`production` refuses whatever only a trial may have"),
    Option("CHARTER_URL", "", "Address that people use, for links in messages; `http://HOST:PORT` where not given"),
    Option("CHARTER_HOST", "127.0.0.1", "Address to listen on"),
    Option("CHARTER_PORT", "8000", "Port to listen on"),
    Option("CHARTER_TLS", "0", "`1` serves https with a certificate made for this machine"),
    Option("CHARTER_TRUSTED_PROXIES", "0", "How many proxies in front may say who calls (X-Forwarded-...)"),
    Option("CHARTER_WEB_WORKERS", "2", "Web processes"),
    Option("CHARTER_WEB_THREADS", "4", "Threads in each web process"),
    Option("CHARTER_JOB_THREADS", "4", "Jobs that one job worker runs at the same time"),
    Option("CHARTER_HOLD_SECONDS", "600", "How long a held seat waits for its confirmation"),
    Option("CHARTER_OFFER_MINUTES", "180", "How long a seat that is offered to the waiting list waits for its answer"),
    Option("CHARTER_SMS", "local", "Gateway for messages to phones: `local` keeps them, for trials only; "
           "else the https address that takes them"),
    Option("CHARTER_SMS_SECRET", "", "What requests to that gateway are signed with (HMAC-SHA256); "
           "unsigned where not given"),
    Option("CHARTER_SMS_PART_FEN", "5", "What one part of a message costs, in fen, for the figures of messages"),
    Option("CHARTER_ANCHORS", "", "File outside the database to which the signed head of the audit chain is appended "
           "every hour; none where not given"),
    Option("CHARTER_DASK", "", "Dask scheduler that plans are computed on; local processes where not given"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of one process. `mistakes` are values that could not be read, one line each."""

    data: Path
    database_url: str
    keys: str
    production: bool
    url: str
    host: str
    port: int
    tls: bool
    trusted_proxies: int
    web_workers: int
    web_threads: int
    job_threads: int
    hold_seconds: int
    offer_minutes: int
    sms: str
    sms_secret: str
    dask: str = ""
    anchors: Path | None = None
    sms_part_fen: int = 5
    debug: bool = False
    mistakes: tuple[str, ...] = ()

    @property
    def embedded(self) -> bool:
        """Whether the database is the one in the data folder."""
        return not self.database_url

    @property
    def base_url(self) -> str:
        """The address that links begin with, without a slash at its end."""
        return self.url or f"http{'s' * self.tls}://{self.host}:{self.port}"


def load(environment: Mapping[str, str] | None = None) -> Settings:
    """The settings of the environment, and of a `.env` file where the working folder has one; the environment wins."""
    return read(written(environment))


def written(environment: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment, with what a `.env` file adds."""
    file = {name: value for name, value in dotenv_values(".env").items() if value is not None}
    return file | dict(os.environ if environment is None else environment)


def read(values: Mapping[str, str]) -> Settings:
    """The settings that these values say; nothing else is looked at."""
    given = {option.name: values.get(option.name, "").strip() or option.default for option in TABLE}
    mistakes: list[str] = []

    def whole(name: str, least: int, most: int) -> int:
        try:
            number = int(given[name])
        except ValueError:
            number = least - 1
        if least <= number <= most:
            return number
        mistakes.append(f"{name} is {given[name]!r}: give a whole number from {least} to {most}.")
        return int(next(option.default for option in TABLE if option.name == name))

    if given["CHARTER_ENV"] not in ("development", "production"):
        mistakes.append(f"CHARTER_ENV is {given['CHARTER_ENV']!r}: say development or production.")
    return Settings(
        data=Path(given["CHARTER_DATA"]),
        database_url=_plain_url(given["DATABASE_URL"]),
        keys=given["CHARTER_KEYS"],
        production=given["CHARTER_ENV"] != "development",
        url=given["CHARTER_URL"].rstrip("/"),
        host=given["CHARTER_HOST"],
        port=whole("CHARTER_PORT", 1, 65535),
        tls=whole("CHARTER_TLS", 0, 1) == 1,
        trusted_proxies=whole("CHARTER_TRUSTED_PROXIES", 0, 9),
        web_workers=whole("CHARTER_WEB_WORKERS", 1, 64),
        web_threads=whole("CHARTER_WEB_THREADS", 1, 64),
        job_threads=whole("CHARTER_JOB_THREADS", 1, 64),
        hold_seconds=whole("CHARTER_HOLD_SECONDS", 1, 86_400),
        offer_minutes=whole("CHARTER_OFFER_MINUTES", 10, 10_080),
        sms=given["CHARTER_SMS"],
        sms_secret=given["CHARTER_SMS_SECRET"],
        dask=given["CHARTER_DASK"],
        anchors=Path(given["CHARTER_ANCHORS"]) if given["CHARTER_ANCHORS"] else None,
        sms_part_fen=whole("CHARTER_SMS_PART_FEN", 0, 1_000),
        debug=values.get("FLASK_DEBUG", "").lower() not in ("", "0", "false", "no"),
        mistakes=tuple(mistakes),
    )


def faults(settings: Settings) -> list[str]:
    """What is wrong with the settings themselves: one line each, which says what to do. Nothing is looked up."""
    found = list(settings.mistakes)
    if settings.database_url and urlsplit(settings.database_url).scheme != "postgresql":
        found.append("DATABASE_URL is not of the form postgresql://user:password@host/database.")
    if not settings.keys and not settings.embedded:
        found.append("CHARTER_KEYS is missing: give the key ring, NUMBER:BASE64 of 32 random bytes.")
    if settings.keys:
        found += _key_faults(settings.keys)
    return found + (_production_faults(settings) if settings.production else [])


def key_ring(settings: Settings) -> str:
    """The key ring in its written form; for an embedded database it is made once, in `DATA/keys` (mode 600).

    Raises ValueError with one line where there is none to be had.
    """
    if settings.keys or not settings.embedded:
        return settings.keys
    file = settings.data / "keys"
    if not file.exists():
        if (settings.data / "postgres").exists() or (settings.data / "postgres.path").exists():
            raise ValueError(f"{file} is missing, and the database is sealed with it: restore it, or set CHARTER_KEYS.")
        _write_once(file, sealed.new_ring())
    return file.read_text(encoding="ascii").strip()


_current: Settings | None = None


def use(settings: Settings) -> Settings:
    """Make these the settings of this process."""
    global _current
    _current = settings
    return settings


def current() -> Settings:
    """The settings of this process; the environment's until `use` has named others."""
    return use(load()) if _current is None else _current


def _plain_url(url: str) -> str:
    """One spelling for what other programs write as postgres:// or with a driver's name."""
    scheme, mark, rest = url.partition("://")
    return f"postgresql://{rest}" if mark and scheme.split("+")[0] in ("postgres", "postgresql") else url


def _key_faults(written: str) -> list[str]:
    try:
        ring = sealed.KeyRing.parse(written)
    except ValueError:
        return ["CHARTER_KEYS is not a key ring: give NUMBER:BASE64 of 32 bytes each, the active one first."]
    if any(len(set(root)) < 16 for _, root in ring.roots):
        return ["CHARTER_KEYS holds a key that is not random: make each with `openssl rand -base64 32`."]
    return []


def _production_faults(settings: Settings) -> list[str]:
    found = []
    if settings.debug:
        found.append("FLASK_DEBUG is on: production shows no traces, remove it.")
    if settings.sms == "local":
        found.append("CHARTER_SMS is local, which sends nothing: give the gateway's https address.")
    elif not settings.sms.startswith("https://"):
        found.append("CHARTER_SMS is not an https address: phone numbers may not travel in the open.")
    if not settings.base_url.startswith("https://"):
        found.append("CHARTER_URL is not an https address: give the one that people use (http is for trials only).")
    return found


def _write_once(file: Path, text: str) -> None:
    """Write a secret that two processes may want to make at once: the first one stays."""
    file.parent.mkdir(parents=True, exist_ok=True)
    unfinished = file.with_name(f"{file.name}.{os.getpid()}")
    with open(os.open(unfinished, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w", encoding="ascii") as opened:
        opened.write(text + "\n")
    try:
        os.link(unfinished, file)
    except FileExistsError:
        pass
    finally:
        unfinished.unlink()
