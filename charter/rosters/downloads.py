"""Workbooks that this room hands out; no cell of them is ever run as a formula."""

from __future__ import annotations

from urllib.parse import quote

from flask import Response

from charter.core.i18n import gettext
from charter.rosters.giving_back.process import marked_workbook
from charter.rosters.service import GivenBack

__all__ = ["WORKBOOK", "attached", "workbook"]

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def attached(found: GivenBack) -> Response:
    """The employer's own workbook with its bad cells marked."""
    return workbook(marked_workbook(found.content, found.marks), f"{found.name}-{gettext('要修改')}.xlsx", "bad.xlsx")


def workbook(content: bytes, name: str, plain: str) -> Response:
    """A workbook to keep, named in the reader's letters (RFC 6266), plainly for old programs."""
    said = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
    return Response(content, content_type=WORKBOOK, headers={"Content-Disposition": said})
