"""Files that mean harm, through the upload: refused whole or judged row by row, never a crash, nothing written."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest
from rosters.roster_world import HEADER, World, number, person, workbook

from charter.core import db
from charter.registrations.models import Registration

TYPES = ('<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
         '<Override PartName="/xl/workbook.xml" ContentType="application/'
         'vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>')


def package(**parts: bytes) -> bytes:
    """A zip that calls itself a workbook."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("[Content_Types].xml", TYPES)
        for name, content in parts.items():
            book.writestr(f"xl/{name}.xml", content)
    return out.getvalue()


def changed(content: bytes, part: str, old: bytes, new: bytes) -> bytes:
    """The same workbook with some bytes of a part changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as after:
        for name in before.namelist():
            text = before.read(name)
            assert name != part or old in text
            after.writestr(name, text.replace(old, new) if name == part else text)
    return out.getvalue()


GOOD = workbook([HEADER, person(1)])
SHEET = "xl/worksheets/sheet1.xml"


@pytest.mark.parametrize(("content", "code"), [
    (package(workbook=b"<workbook/>", sheet1=bytes(401_000_000)), "roster_content_too_large"),
    (changed(GOOD, SHEET, b"?>", b'?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'), "roster_entities"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000), None),
    (GOOD[:-200], "roster_damaged"),
    (b"Rar!\x1a\x07\x00" + bytes(100), "roster_other_kind"),
], ids=["zip-bomb", "external-entity", "broken-ole", "cut-off", "archive"])
def test_a_harmful_file_is_refused_whole(world: World, content: bytes, code: str | None) -> None:
    batch = world.previewed(content)
    assert batch["state"] == "refused"
    assert code in (None, batch["refusal"]["code"])
    assert (world.rows(batch), batch["summary"]["accepted"]) == ([], 0)
    with db.transaction() as session:
        assert session.query(Registration).count() == 0


@pytest.mark.parametrize(("cells", "field", "code"), [
    ({"name": "张" * 32_767}, "name", "too_long"), ({"name": "张三😀"}, "name", "name_invalid"),
    ({"id": "=HYPERLINK(1)"}, "id_number", "id_type_unknown"), ({"phone": "@SUM(A1)"}, "phone", "phone_invalid"),
    ({"origin": "<script>alert(1)</script>"}, "origin", "origin_unknown"),
    ({"name": "%(count)s"}, "name", "name_invalid"),
])
def test_a_harmful_cell_is_a_verdict_on_its_row(world: World, cells: dict[str, Any], field: str, code: str) -> None:
    hidden = person(2, name="王\u202e五", id=number(2) + "\u200b")
    batch = world.previewed(workbook([HEADER, person(1, **cells), hidden]))
    bad, mended = world.rows(batch)
    assert [(one["field"], one["code"]) for one in bad["problems"]] == [(field, code)]
    assert (mended["status"], mended["worker"]["name"]) == ("repaired", "王五")
    back = world.get(f"/rosters/{batch['id']}/bad.xlsx")
    assert back.status_code == 200
    with zipfile.ZipFile(io.BytesIO(back.data)) as parts:
        assert not any(b"<f>" in parts.read(name) for name in parts.namelist())


def test_a_file_name_is_only_shown(world: World) -> None:
    batch = world.previewed(GOOD, name="..\\..\\etc/名单<b>\u202egpj.xlsx")
    assert batch["file_name"] == "名单<b>gpj.xlsx"
