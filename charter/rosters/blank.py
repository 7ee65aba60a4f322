"""The workbook to fill in: drop-downs, text columns for numbers, an example above the header and a page of help."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import xlsxwriter

from charter.core.i18n import N_, gettext
from charter.rosters.forms import FIELD_WORDS

__all__ = ["REQUIRED", "blank_workbook"]

ROWS = 5_000  # that are prepared
REQUIRED = ("name", "id_number", "phone", "origin")
WIDTHS = {"name": 14, "id_type": 18, "id_number": 24, "phone": 16, "origin": 30, "earliest": 16, "latest": 16,
          "modes": 16, "party": 10, "needs": 20, "note": 20}
DOCUMENTS = ("居民身份证", "户口簿", "港澳台居民居住证", "港澳居民来往内地通行证", "台湾居民来往大陆通行证",
             "外国人永久居留身份证", "护照", "出生医学证明")
MODES = ("不限", "大巴", "火车", "飞机", "大巴、火车", "火车、飞机", "大巴、飞机")
EXAMPLE = {"name": "张建国", "id_type": "居民身份证", "id_number": "110101199003070337", "phone": "15400000000",
           "origin": "四川省巴中市南江县", "modes": "不限", "party": "1组", "needs": "", "note": ""}
HELP = {
    "name": N_("与证件上一致；少数民族姓名的间隔号写“·”"),
    "id_type": N_("从下拉框里选；空着时按号码判断"),
    "id_number": N_("已设为文本格式，请完整填写；18 位号码不要让表格改成数字"),
    "phone": N_("11 位手机号，本人能收到短信"),
    "origin": N_("写到县（区），例如：四川省巴中市南江县"),
    "earliest": N_("最早哪天可以走，例如：2027-02-12；空着就是活动的第一天"),
    "latest": N_("最晚哪天走；空着就是活动的最后一天"),
    "modes": N_("愿意坐的交通工具，从下拉框里选；空着就是不限"),
    "party": N_("要一起走的人填同样的字，例如都填“1组”"),
    "needs": N_("例如：行动不便、带婴儿"),
    "note": N_("其他要说明的，最多 1,000 个字")}
MORE_HELP = {
    N_("怎样交"): N_("填好保存后，在“名单”页面上传。先看结果，再收下正确的行；要改的行可以下载、改好、再上传一次。"),
    N_("交两次"): N_("同一份名单交两次不会重复；改过的名单只更新改动的内容；没写在名单里的人不会被取消。")}
TEXT = ("name", "id_number", "phone", "origin", "party", "needs", "note")


def blank_workbook(first: date, last: date) -> bytes:
    """An .xlsx file for a campaign of these days, in the reader's language. Filled in, it is read without a repair.

    The drop-downs offer Chinese words, as lists do.
    """
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
                                     "strings_to_numbers": False})
    _list_sheet(book, first, last)
    _help_sheet(book)
    book.close()
    return out.getvalue()


def _list_sheet(book: Any, first: date, last: date) -> None:
    sheet = book.add_worksheet(gettext("名单"))
    text, day = book.add_format({"num_format": "@"}), book.add_format({"num_format": "yyyy-mm-dd"})
    head = book.add_format({"bold": True, "bg_color": "#DCE9F7", "border": 1})
    must = book.add_format({"bold": True, "bg_color": "#F7DCDC", "border": 1})
    faint = book.add_format({"italic": True, "font_color": "#777777", "num_format": "@"})
    title = gettext("从第 4 行起填写，每人一行；红底的列必须填。第 2 行是例子，不会导入。")
    sheet.write_string(0, 0, title, book.add_format({"bold": True}))
    for column, (field, word) in enumerate(FIELD_WORDS.items()):
        sheet.set_column(column, column, WIDTHS[field],
                         day if field in ("earliest", "latest") else text if field in TEXT else None)
        example = EXAMPLE.get(field, f"{first:%Y-%m-%d}" if field == "earliest" else f"{last:%Y-%m-%d}")
        sheet.write_string(1, column, example, faint)
        sheet.write_string(2, column, gettext(word), must if field in REQUIRED else head)
        _rules(sheet, column, field, first, last)
    sheet.freeze_panes(3, 1)


def _rules(sheet: Any, column: int, field: str, first: date, last: date) -> None:
    """Drop-downs offer and do not forbid, since a clerk may know better; the hint shows at the cell."""
    rule: dict[str, Any] = {"validate": "any", "input_title": gettext(FIELD_WORDS[field])[:32],
                            "input_message": gettext(HELP[field])[:255], "error_type": "information"}
    if field in ("id_type", "modes"):
        rule |= {"validate": "list", "source": list(DOCUMENTS if field == "id_type" else MODES)}
    if field in ("earliest", "latest"):
        rule |= {"validate": "date", "criteria": "between", "minimum": first, "maximum": last}
    sheet.data_validation(3, column, 2 + ROWS, column, rule)


def _help_sheet(book: Any) -> None:
    """One field a line, so that this sheet is never taken for a list."""
    sheet = book.add_worksheet(gettext("填写说明"))
    bold = book.add_format({"bold": True, "valign": "top"})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    sheet.set_column(0, 0, 18)
    sheet.set_column(1, 1, 70)
    lines = [(gettext(word), gettext(HELP[field])) for field, word in FIELD_WORDS.items()]
    lines += [(gettext(word), gettext(said)) for word, said in MORE_HELP.items()]
    for row, (word, said) in enumerate(lines):
        sheet.write_string(row, 0, word, bold)
        sheet.write_string(row, 1, said, wrapped)
