"""A brief on paper: a Word document in the layout of official pages, a PDF, a workbook.

Page and type follow GB/T 9704-2012 (A4, 37 mm above, 28 mm at the binding side, 156 x 225 mm of type, 16 pt body on
lines of 29 pt) with the red head of a brief. The Word file names the fonts that offices have; the PDF embeds an open
one.
"""

from __future__ import annotations

import importlib.util
import io
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

import typst
import xlsxwriter
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from charter.core.i18n import gettext
from charter.insight.brief import FIGURES, Brief, compose
from charter.insight.issuing import issue_steps
from charter.insight.models import ReportIssue

__all__ = ["pdf", "typeset", "word", "workbook"]

BODY, TITLE, FIRST = "仿宋_GB2312", "方正小标宋简体", "黑体"
RED = RGBColor(0xC0, 0x0A, 0x0A)
LINE = Pt(29)


def word(brief: Brief) -> bytes:
    """The brief as a Word document."""
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    document.core_properties.title, document.core_properties.author = brief.title, brief.office
    _said(document, brief.head, TITLE, 36, colour=RED, middle=True, line=Pt(52))
    _said(document, brief.number, BODY, 16, middle=True)
    _ruled(_said(document, f"{brief.office}\t{brief.day}", BODY, 16, right_tab=Mm(156)), "C00A0A", 12, below=True)
    _said(document, brief.title, TITLE, 22, middle=True, line=Pt(38))
    for block in brief.blocks:
        if block.heading:
            _said(document, block.heading, FIRST, 16, indent=True)
        for text in block.text.splitlines():
            _said(document, text, BODY, 16, indent=True)
        if block.table:
            _table(document, block.table)
    _said(document, brief.signer, BODY, 16, right_tab=None)
    for place, (label, text) in enumerate(brief.foot):
        line = _said(document, f"{label}：{text}", BODY, 14)
        if place == 0:
            _ruled(line, "000000", 8, below=False)
    last = _said(document, "\t".join((brief.check, brief.copies)), BODY, 12, right_tab=Mm(156))
    _ruled(last, "000000", 8, below=True)
    _page_number(section.footer.paragraphs[0])
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _font(run: Any, name: str, size: float, colour: RGBColor | None = None) -> None:
    run.font.name, run.font.size = "Times New Roman", Pt(size)
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), name)
    if colour is not None:
        run.font.color.rgb = colour


def _said(document: Any, text: str, font: str, size: float, *, colour: RGBColor | None = None, middle: bool = False,
          indent: bool = False, line: Any = LINE, right_tab: Any = None) -> Any:
    made = document.add_paragraph()
    made.paragraph_format.line_spacing = line
    made.paragraph_format.space_after = Pt(0)
    if middle:
        made.alignment = WD_ALIGN_PARAGRAPH.CENTER
    if indent:
        made.paragraph_format.first_line_indent = Pt(size * 2)
    if right_tab is not None:
        made.paragraph_format.tab_stops.add_tab_stop(right_tab, WD_TAB_ALIGNMENT.RIGHT)
    _font(made.add_run(text), font, size, colour)
    return made


def _ruled(paragraph: Any, colour: str, eighths: int, *, below: bool) -> None:
    """A line under or over a paragraph, so many eighths of a point thick."""
    borders, side = OxmlElement("w:pBdr"), OxmlElement("w:bottom" if below else "w:top")
    for name, value in (("val", "single"), ("sz", str(eighths)), ("space", "1"), ("color", colour)):
        side.set(qn(f"w:{name}"), value)
    borders.append(side)
    paragraph._element.get_or_add_pPr().append(borders)


def _table(document: Any, rows: Sequence[Sequence[str]]) -> None:
    made = document.add_table(rows=len(rows), cols=len(rows[0]))
    made.style = "Table Grid"
    for at, row in enumerate(rows):
        for column, text in enumerate(row):
            paragraph = made.rows[at].cells[column].paragraphs[0]
            if column:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
            _font(paragraph.add_run(text), BODY if at else FIRST, 12)


def _page_number(paragraph: Any) -> None:
    """— 1 — in the middle of the foot."""
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _font(paragraph.add_run("— "), BODY, 14)
    run = paragraph.add_run()
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        part = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            part.set(qn("w:fldCharType"), kind)
        else:
            part.text = text
        run._element.append(part)
    _font(run, BODY, 14)
    _font(paragraph.add_run(" —"), BODY, 14)


def pdf(brief: Brief) -> bytes:
    """The brief as a PDF with its font in it."""
    return typeset(Path(__file__).with_name("brief.typ").read_bytes(), asdict(brief))


def typeset(source: bytes, content: dict[str, Any], root: Path | None = None) -> bytes:
    """A Typst source with its content as JSON, made into a PDF; it reads files of `root` alone."""
    compiler = typst.Compiler(root=root or Path(__file__).parent, font_paths=_fonts(), ignore_system_fonts=True,
                              sys_inputs={"content": json.dumps(content, ensure_ascii=False)})
    made = compiler.compile(source, format="pdf")
    if not isinstance(made, bytes):
        raise TypeError("typst gives one PDF as bytes")
    return made


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    found = importlib.util.find_spec("noto_cjk_sans_otc")
    if found is None or not found.submodule_search_locations:
        raise FileNotFoundError("the package noto-cjk-sans-otc with the Chinese font is missing")
    return typst.Fonts(include_system_fonts=False, font_paths=[Path(next(iter(found.submodule_search_locations)))])


def workbook(found: ReportIssue, place_name: Callable[[str], str]) -> bytes:
    """An issue's figures as a workbook: one sheet of what adds up, one for each table of the brief."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet(gettext("累计"))
    sheet.write_row(0, 0, [gettext(word) for word in ("指标", "上期累计", "更正", "本期新增", "累计", "更正原因")])
    for at, one in enumerate(issue_steps(found), 1):
        values = (one.before, one.correction, one.today, one.total)
        scaled = [Decimal(value) / 100 for value in values] if one.key.endswith("_fen") else list(values)
        sheet.write_row(at, 0, [gettext(FIGURES[one.key]), *scaled, str(found.reasons.get(one.key, ""))])
    for place, block in enumerate(compose(found, place_name).blocks, 1):
        if not block.table:
            continue
        sheet = book.add_worksheet(f"{place}")
        for at, row in enumerate([[block.heading], *block.table] if block.heading else block.table):
            sheet.write_row(at, 0, row)
    book.close()
    return out.getvalue()
