"""What every answer of the web shares: security headers, error pages, static files by hash, language, templates."""

from __future__ import annotations

import gzip
import hashlib
import logging
import secrets
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import (
    Blueprint,
    Flask,
    Response,
    current_app,
    redirect,
    render_template,
    request,
    send_from_directory,
    url_for,
)
from werkzeug.exceptions import HTTPException, NotFound, RequestEntityTooLarge
from werkzeug.routing import BaseConverter, ValidationError

from charter.core import clock, i18n, ids, logs, money
from charter.core.api import TooLarge, problem_document
from charter.core.problems import NotFound as NotFoundProblem
from charter.core.problems import Problem
from charter.core.routes import PUBLIC, ROUTES, own_path, page

__all__ = ["bp", "install", "static_url"]

log = logging.getLogger("charter.web")
bp = Blueprint("core", __name__, template_folder="templates")
ROOMS = Path(__file__).resolve().parent.parent
POLICY = ("default-src 'none'; script-src 'self'{wasm}; style-src 'self'; img-src 'self' data: blob:; "
          "connect-src 'self'; "
          "font-src 'self'; manifest-src 'self'; media-src 'self' blob:; worker-src 'self'; object-src 'none'; "
          "base-uri 'none'; form-action 'self'; frame-ancestors 'none'")
HEADERS = {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer",
           "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin",
           "Permissions-Policy": "camera=(self), geolocation=(), microphone=(), payment=()"}
SQUEEZED = {"text/css", "text/javascript", "application/javascript", "application/json", "image/svg+xml",
            "application/wasm"}


class DepartureConverter(BaseConverter):
    """A departure's 48-bit number in canonical decimal, ASCII digits only."""

    regex = "[0-9]{1,15}"
    maximum = ids.MAX_DEPARTURE

    def to_python(self, value: str) -> int:
        number = int(value)
        if not 1 <= number <= self.maximum or str(number) != value:
            raise ValidationError
        return number


class SerialConverter(DepartureConverter):
    """A booking's 63-bit serial in canonical decimal."""

    regex = "[0-9]{1,19}"
    maximum = ids.MAX_SERIAL


def install(app: Flask) -> None:
    """Give `app` converters, headers, error pages, language and template helpers."""
    logs.install()
    app.url_map.converters.update(departure=DepartureConverter, serial=SerialConverter)
    app.register_blueprint(bp)
    app.jinja_env.add_extension("jinja2.ext.do")
    app.jinja_env.globals.update(_=i18n.gettext, static_url=static_url, LANGUAGES=i18n.LANGUAGES,
                                 language=i18n.language, elder=_elder, local=clock.local, today=clock.today)
    app.jinja_env.filters.update(day=i18n.day, date=i18n.date_words, moment=i18n.moment, hour=i18n.hour,
                                 yuan=money.yuan, translated=_translated)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.after_request(_headers)
    app.register_error_handler(Problem, _problem)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Exception, _fault)


def _translated(words: Mapping[str, str]) -> list[tuple[str, str]]:
    """Choices of a field, in the reader's language."""
    return [(value, i18n.gettext(word)) for value, word in words.items()]


def _elder() -> bool:
    """Whether the reader chose the elder mode (长辈版)."""
    return request.cookies.get("elder") == "1"


@page(bp, "/language/<code>", roles=PUBLIC, methods=("POST",))
def language(code: str) -> Any:
    """Choose the language; back to where one was."""
    return _remember("lang", code if code in i18n.LANGUAGES else "zh")


@page(bp, "/elder/<int(max=1):state>", roles=PUBLIC, methods=("POST",))
def elder(state: int) -> Any:
    """Switch the elder mode."""
    return _remember("elder", str(state))


def _remember(name: str, value: str) -> Response:
    response = redirect(own_path(request.form.get("back", "/")), 303)
    response.set_cookie(name, value, max_age=31_536_000, samesite="Lax", httponly=True, secure=request.is_secure)
    return response  # type: ignore[return-value]


@lru_cache(maxsize=512)
def _digest(path: Path, _modified: float) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]


def _static_path(filename: str) -> tuple[Path, str]:
    room, _, rest = filename.partition("/")
    if room == "vendor":
        return ROOMS / "static" / "vendor", rest
    return ROOMS / room / "static" / room, rest


def static_url(filename: str) -> str:
    """The address of `ROOM/file` (or `vendor/file`) with its content's hash, so that it may be kept for ever."""
    folder, rest = _static_path(filename)
    path = folder / rest
    version = _digest(path, path.stat().st_mtime) if path.is_file() else None
    return url_for("core.static_file", filename=filename, v=version)


@page(bp, "/static/<path:filename>", roles=PUBLIC)
def static_file(filename: str) -> Response:
    """Files of pages, squeezed where the browser can take it."""
    folder, rest = _static_path(filename)
    response = send_from_directory(folder, rest, max_age=31_536_000 if request.args.get("v") else 300)
    response.cache_control.public = True
    response.cache_control.immutable = bool(request.args.get("v"))
    if response.mimetype in SQUEEZED and "gzip" in request.headers.get("Accept-Encoding", "") and not request.range:
        path = folder / rest
        response.direct_passthrough = False
        if response.status_code == 200:
            response.close()  # the file that was opened to be sent as it is
            response.set_data(_squeezed(path, path.stat().st_mtime))
            response.headers["Content-Encoding"] = "gzip"
        response.vary.add("Accept-Encoding")
    return response


@lru_cache(maxsize=256)
def _squeezed(path: Path, _modified: float) -> bytes:
    return gzip.compress(path.read_bytes(), 9, mtime=0)


def _headers(response: Response) -> Response:
    wasm = " 'wasm-unsafe-eval'" if request.path.startswith("/scan/") else ""
    wanted = [*HEADERS.items(), ("Content-Security-Policy", POLICY.format(wasm=wasm))]
    if request.is_secure:
        wanted.append(("Strict-Transport-Security", "max-age=31536000; includeSubDomains"))
    if request.endpoint != "core.static_file":
        wanted.append(("Cache-Control", "no-store"))
        response.vary.update(["Cookie", "Accept-Language"])
    there = {name.lower() for name, _ in response.headers}
    for name, value in wanted:
        if name.lower() not in there:
            response.headers.add(name, value)
    return response


def _wants_api() -> bool:
    route = ROUTES.get(request.endpoint or "")
    return route.kind == "api" if route else request.path.startswith("/api/")


def _problem(problem: Problem) -> Any:
    if _wants_api():
        return problem_document(problem)
    return render_template("core/error.html", problem=problem, status=problem.status), problem.status


def _http_error(error: HTTPException) -> Any:
    if isinstance(error, NotFound):
        return _problem(NotFoundProblem())
    if isinstance(error, RequestEntityTooLarge):
        return _problem(TooLarge())
    if error.code is not None and error.code < 400:
        return error
    if error.code is None or error.code >= 500:
        return _fault(error)
    problem = Problem()
    problem.status, problem.code = error.code, {405: "method_not_allowed"}.get(error.code, "bad_request")  # type: ignore[misc]
    problem.message = {405: i18n.N_("不能用这种方式访问")}.get(error.code, i18n.N_("请求无效"))  # type: ignore[misc]
    return _problem(problem)


def _fault(error: Exception) -> Any:
    number = secrets.token_hex(4)
    log.error("fault %s at %s %s: %s", number, request.method, request.endpoint, type(error).__name__, exc_info=error)
    if current_app.config.get("PROPAGATE_FAULTS"):
        raise error
    problem = Problem(number=number)
    problem.status, problem.code = 500, "fault"  # type: ignore[misc]
    problem.message = i18n.N_("系统出错了，请稍后再试")  # type: ignore[misc]
    return _problem(problem)


