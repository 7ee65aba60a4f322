"""Shapes and words that the page and the call share: a list's state and figures, its rows with numbers masked."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from charter.core import clock
from charter.core.actor import Role
from charter.core.api import Answer
from charter.core.i18n import N_, gettext
from charter.core.problems import Repair
from charter.rosters.models import RosterBatch
from charter.rosters.queries import AbsentView, RowView

__all__ = ["LISTERS", "UPLOAD_BYTES", "AbsentAnswer", "BatchAnswer", "RowAnswer", "absent_answer", "batch_answer",
           "masked", "row_answer"]

LISTERS = frozenset({Role.EMPLOYER, Role.ORIGIN_PARTNER, Role.DISTRICT_ORGANIZER, Role.CITY_ORGANIZER})
UPLOAD_BYTES = 50_000_000 + 100_000  # the largest file, and the rest of its form
SECRET = ("id_number", "phone")


class Progress(Answer):
    """Rows: read so far while it is read (total 0, not known yet), taken so far while it is taken."""

    done: int
    total: int


class Refusal(Answer):
    """Why the file was refused whole."""

    code: str
    message: str


class BatchAnswer(Answer):
    """A list. `changes`: in `previewed` what a plain commit would do, then what it did; `absent`: in `previewed` whom
    a commit with `withdraw` would withdraw besides."""

    id: str
    campaign_id: str
    employer_id: str
    file_name: str
    created_at: datetime
    state: str
    progress: Progress
    refusal: Refusal | None
    summary: dict[str, int]
    changes: dict[str, int]
    absent: int
    sheets: list[dict[str, Any]]


class RepairAnswer(Answer):
    """A safe repair. Numbers and phones show their last four only."""

    field: str
    before: str
    to: str
    code: str


class ProblemAnswer(Answer):
    """What is wrong with a field."""

    field: str
    code: str
    message: str


class RowAnswer(Answer):
    """A judged row; `change` is what a commit does with it."""

    sheet: str
    row: int
    status: str
    change: str | None
    registration_id: str | None
    worker: dict[str, Any]
    repairs: list[dict[str, str]]
    problems: list[ProblemAnswer]


class AbsentAnswer(Answer):
    """Somebody who is not in the list."""

    registration_id: str
    name: str
    id_last_four: str
    origin: str
    state: str


def batch_answer(_: Session, found: RosterBatch) -> BatchAnswer:
    """A list as JSON."""
    refusal = None
    if found.refusal_code is not None:
        refusal = Refusal(code=found.refusal_code, message=gettext(str(found.refusal_message)))
    sheets = [{key: value for key, value in sheet.items() if key != "places"} for sheet in found.sheets]
    taken = found.state in ("committing", "committed")
    return BatchAnswer(
        id=str(found.id), campaign_id=str(found.campaign_id), employer_id=str(found.employer_id),
        file_name=found.file_name, created_at=clock.local(found.created_at), state=found.state,
        progress=Progress(done=found.done, total=found.total), refusal=refusal, summary=found.summary,
        changes=found.changes if taken else {**found.changes, "withdrawn": 0},
        absent=found.changes["withdrawn"] if found.state == "previewed" else 0, sheets=sheets)


def masked(field: str, text: object) -> Any:
    """What a page or an answer shows of a field: of numbers and phones the last four."""
    if field not in SECRET or not isinstance(text, str):
        return text
    return "***" + text.strip()[-4:] if len(text.strip()) > 4 else text


def row_answer(found: RowView) -> RowAnswer:
    """A row as JSON."""
    return RowAnswer(
        sheet=found.sheet, row=found.row, status=found.status, change=found.change,
        registration_id=str(found.registration_id) if found.registration_id and found.change else None,
        worker={field: masked(field, value) for field, value in found.worker.items()},
        repairs=[_repair(one) for one in found.repairs],
        problems=[ProblemAnswer(field=one.field, code=one.code, message=gettext(one.message, **one.params))
                  for one in found.problems])


def _repair(one: Repair) -> dict[str, str]:
    return {"field": one.field, "from": masked(one.field, one.before), "to": masked(one.field, one.after),
            "code": one.code}


def absent_answer(found: AbsentView) -> AbsentAnswer:
    """An absent person as JSON."""
    return AbsentAnswer(registration_id=str(found.registration_id), name=found.name, id_last_four=found.last_four,
                        origin=found.origin, state=found.state)


STATES: Mapping[str, str] = {
    "queued": N_("排队中"), "reading": N_("正在读取"), "previewed": N_("等您确认"), "committing": N_("正在收下"),
    "committed": N_("已收下"), "refused": N_("无法读取"), "failed": N_("没有完成"), "cancelled": N_("已取消")}
STATUSES: Mapping[str, str] = {
    "accepted": N_("正确"), "repaired": N_("已自动修正"), "duplicate": N_("重复"), "rejected": N_("要修改")}
CHANGES: Mapping[str, str] = {
    "new": N_("新增"), "changed": N_("更新"), "unchanged": N_("没有变化"), "needs_decision": N_("等主办方处理")}
FIELD_WORDS: Mapping[str, str] = {
    "name": N_("姓名"), "id_type": N_("证件类型"), "id_number": N_("证件号码"), "phone": N_("手机号"),
    "origin": N_("出发地"), "earliest": N_("最早出发日期"), "latest": N_("最晚出发日期"), "modes": N_("交通方式"),
    "party": N_("同行"), "needs": N_("特殊需求"), "note": N_("备注")}
REPAIR_WORDS: Mapping[str, str] = {
    "trimmed": N_("去掉首尾空格"), "full_width": N_("全角改半角"), "invisible_characters": N_("去掉看不见的字符"),
    "apostrophe": N_("去掉单引号"), "separator": N_("去掉分隔符"), "upper_x": N_("x 改为 X"),
    "country_prefix": N_("去掉国家区号"), "float_text": N_("去掉小数点"), "date_format": N_("统一日期写法"),
    "excel_serial": N_("表格序号改为日期"), "id_15_to_18": N_("15 位升为 18 位"), "name_spacing": N_("整理姓名空格"),
    "name_dot": N_("统一姓名间隔号"), "origin_completed": N_("补全出发地")}
TONES: Mapping[str, str] = {
    "queued": "info", "reading": "info", "previewed": "look", "committing": "info", "committed": "go",
    "refused": "stop", "failed": "stop", "cancelled": "past", "accepted": "go", "repaired": "info",
    "duplicate": "past", "rejected": "stop"}
MENDING: Mapping[str, str] = {  # code -> which clicks mend it in a spreadsheet
    "id_lost_digits": N_("证件号码变成了数字：选中这一列，右键“设置单元格格式”，选“文本”，确定后重新填写完整的号码。"
                         "末尾是 000 的号码已经丢了几位，只能照证件重填。"),
    "id_checksum": N_("证件号码有误：照证件逐位核对，常见的是相邻两位写反或少写一位。"),
    "id_length": N_("证件号码位数不对：居民身份证是 18 位；其他证件请在“证件类型”列里选对类型。"),
    "id_birthdate": N_("号码里的出生日期不存在：核对第 7 到 14 位。"),
    "id_type_unknown": N_("看不出是哪种证件：在“证件类型”列的下拉框里选；居民身份证只写 18 位号码，不写别的字。"),
    "name_invalid": N_("姓名只写证件上的字：按 Ctrl+H 打开“替换”，删掉括号、数字和表情，间隔号写“·”。"),
    "mode_unknown": N_("交通方式只写大巴、火车、飞机或不限，几种之间用“、”隔开；自己开车的人不用写进名单。"),
    "too_long": N_("这一格字太多：双击单元格，只留要用的内容，备注和特殊需求最多 1,000 字，其他最多 200 字。"),
    "repair_undone": N_("您撤销了自动修正：双击单元格，写成正确的内容再上传。"),
    "phone_invalid": N_("手机号是 11 位、1 开头；一格只写一个号码，不写座机。"),
    "origin_ambiguous": N_("出发地要写到县（区）：双击单元格，在前面补上省和市，例如“四川省巴中市南江县”。"),
    "origin_unknown": N_("查不到这个地名：写现在的县（区）名，前面写上省和市。"),
    "date_invalid": N_("日期看不明白：选中日期列，右键“设置单元格格式”，选“日期”，写成 2027-02-12 这样。"),
    "date_order": N_("最晚日期早于最早日期：请对调或改正。"),
    "formula": N_("单元格里是公式：选中这一列，复制，再右键“选择性粘贴”，选“数值”。"),
    "missing": N_("有必填的格子空着：姓名、证件号码、手机号、出发地都要填。"),
    "conflict": N_("两行用了同一个证件号码却写了不同的姓名：核对是哪一行写错了。")}
