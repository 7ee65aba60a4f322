"""A campaign with two employers and an origin partner, lists as bytes, and the calls that hand them in."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

import xlsxwriter
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from charter.access.service.tokens import create_token
from charter.campaigns.models import Campaign
from charter.core import clock, db
from charter.core.actor import Role
from charter.jobs import run_waiting
from charter.people.models import District, Employer, Partner, Union
from charter.people.rules.documents import check_character

HEADER = ["姓名", "身份证号", "手机号", "出发地"]
ORIGIN = "四川省巴中市南江县"
CREDIT_CODE = "91350200MA3456781U"
NAMES = "赵钱孙李周吴郑王冯陈"


def number(order: int) -> str:
    """A resident ID with its right check character."""
    first = f"51192219{60 + order // 1000 % 40}0101{order % 1000:03d}"
    return first + check_character(first)


def person(order: int, **other: Any) -> list[Any]:
    """A row under HEADER."""
    values = {"name": NAMES[order % 10] + "一二三四五六七八九十"[order // 10 % 10], "id": number(order),
              "phone": f"154{order:08d}", "origin": ORIGIN}
    return list((values | other).values())


def workbook(*sheets: Sequence[Sequence[Any]]) -> bytes:
    """An .xlsx file of these sheets; every text stays text."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    for place, rows in enumerate(sheets, 1):
        sheet = book.add_worksheet(f"名单{place}")
        for at, row in enumerate(rows):
            sheet.write_row(at, 0, row)
    book.close()
    return out.getvalue()


def encoded(content: bytes, name: str, fields: dict[str, str]) -> bytes:
    """A multipart form with one file."""
    parts = [f'--roster\r\nContent-Disposition: form-data; name="{field}"\r\n\r\n{value}\r\n'.encode()
             for field, value in fields.items()]
    head = f'--roster\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
    return b"".join(parts) + head.encode() + content + b"\r\n--roster--\r\n"


class World:
    """The campaign, its employers' tokens and a client."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        db.act(self._make)

    def _make(self, session: Session) -> None:
        union = Union(kind="city", name="市总工会", name_en="City federation", hotline="059212351")
        partner = Partner(name="南江县人社局", divisions=["511922"])
        session.add_all([union, partner])
        session.flush()
        districts = [District(code=code, name=name, name_en=name, union_id=union.id)
                     for code, name in (("350206", "湖里区"), ("350203", "思明区"))]
        session.add_all(districts)
        session.flush()
        self.firm = Employer(name="厦门甲有限公司", district_id=districts[0].id, credit_code=CREDIT_CODE)
        self.other = Employer(name="厦门乙有限公司", district_id=districts[1].id)
        today = clock.today()
        self.campaign = Campaign(
            name="返岗直通车", name_en="Back to work", direction="to_work", state="open", union_id=union.id,
            destination="350200", starts_on=today, ends_on=today + timedelta(days=14), hotline="059212351")
        session.add_all([self.firm, self.other, self.campaign])
        session.flush()
        self.callers = {
            "firm": self._bearer(session, Role.EMPLOYER, "employer", self.firm.id),
            "other": self._bearer(session, Role.EMPLOYER, "employer", self.other.id),
            "partner": self._bearer(session, Role.ORIGIN_PARTNER, "partner", partner.id),
            "district": self._bearer(session, Role.DISTRICT_ORGANIZER, "district", districts[0].id),
            "city": self._bearer(session, Role.CITY_ORGANIZER, None, None)}

    def _bearer(self, session: Session, role: Role, kind: str | None, key: UUID | None) -> dict[str, str]:
        _, text = create_token(session, role, kind, None if key is None else str(key))
        return {"Authorization": f"Bearer {text}"}

    def get(self, path: str, caller: str = "firm") -> TestResponse:
        """GET under /api/v1."""
        return self.client.get("/api/v1" + path, headers=self.callers[caller])

    def post(self, path: str, body: Any = None, caller: str = "firm", **headers: str) -> TestResponse:
        """POST JSON under /api/v1."""
        return self.client.post("/api/v1" + path, json=body, headers=self.callers[caller] | headers)

    def upload(self, content: bytes, *, name: str = "名单.xlsx", caller: str = "firm", employer: str | None = None,
               key: str | None = None, **form: Any) -> TestResponse:
        """Hand a list in."""
        if employer is not None:
            form["employer"] = employer
        headers = self.callers[caller] | ({"Idempotency-Key": key} if key else {})
        return self.client.post(f"/api/v1/campaigns/{self.campaign.id}/rosters", data=encoded(content, name, form),
                                headers=headers, content_type="multipart/form-data; boundary=roster")

    def previewed(self, content: bytes, **how: Any) -> dict[str, Any]:
        """Hand a list in and have it read; the list as JSON."""
        made = self.upload(content, **how)
        assert made.status_code == 202, made.text
        run_waiting()
        return self.get(f"/rosters/{made.json['id']}", how.get("caller", "firm")).json

    def committed(self, content: bytes, body: Any = None, **how: Any) -> dict[str, Any]:
        """Hand a list in and take it."""
        batch = self.previewed(content, **how)
        assert batch["state"] == "previewed", batch
        caller = how.get("caller", "firm")
        assert self.post(f"/rosters/{batch['id']}/commit", body, caller).status_code == 202
        run_waiting()
        return self.get(f"/rosters/{batch['id']}", caller).json

    def rows(self, batch: dict[str, Any], caller: str = "firm", query: str = "") -> list[dict[str, Any]]:
        """All rows of a list."""
        return self.get(f"/rosters/{batch['id']}/rows?limit=200{query}", caller).json["items"]

    def people(self, caller: str = "city") -> dict[str, str]:
        """Name -> state of everybody's requests."""
        found = self.get(f"/campaigns/{self.campaign.id}/registrations?limit=200", caller).json["items"]
        return {one["name"]: one["state"] for one in found}
