"""A pass as a picture: QR matrix, SVG of one path, PNG, and PDF strips and sheets with an embedded Chinese font.

41 modules (version 6, level M, alphanumeric mode) in a quiet zone of 4. The mask is fixed: over random passes mask 6
has the least penalty of the eight (1,177 on average; the best mask of each single pass would give 1,079), and not
searching for it is six times as fast. Readers take any mask; reading back is tested. The library draws the frame of
them all; each pass's own modules are laid over it (`rules.modules`).
"""

from __future__ import annotations

import base64
import importlib.util
import io
import json
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path

import qrcode
import typst
from PIL import Image
from qrcode.constants import ERROR_CORRECT_M
from qrcode.util import MODE_ALPHA_NUM, QRData

from charter.passes.rules import modules

__all__ = ["Card", "data_url", "fonts", "matrix", "pdf", "phone_picture", "plain_qr", "png", "svg"]

VERSION = 6
MASK = 6
QUIET = 4
ANY = "CHARTER-PASS:0" * 9 + "CHARTER-PASS"  # a text of the length of a pass
SHEET = Path(__file__).with_name("sheet.typ")
PHONE = Path(__file__).with_name("phone.typ")
PHONE_DPI = 216  # a page of 360 pt is then 1,080 pixels wide, as most phones are


@dataclass(frozen=True, slots=True)
class Card:
    """One printed pass: the QR's text, a headline, the seat in huge letters, and lines of label and value.

    All words are in the reader's language already; a card never holds an ID number.
    """

    qr: str
    title: str
    name: str
    seat_label: str
    seat: str
    lines: Sequence[tuple[str, str]]
    note: str = ""


def matrix(text: str) -> list[list[bool]]:
    """The dark modules, 41 x 41, without quiet zone."""
    return [[module == "1" for module in row] for row in _rows(text)]


def _rows(text: str) -> list[str]:
    return _shape().rows(text)


@lru_cache(maxsize=1)
def _shape() -> modules.Shape:
    return modules.Shape(ANY, _encoded(ANY))


def _encoded(text: str) -> list[list[bool]]:
    code = qrcode.QRCode(version=VERSION, error_correction=ERROR_CORRECT_M, mask_pattern=MASK, border=0)
    code.add_data(QRData(text, mode=MODE_ALPHA_NUM))
    code.make(fit=False)
    return [[bool(module) for module in row] for row in code.modules]


def svg(text: str) -> bytes:
    """The QR as SVG: a white square and one path that draws each row of modules as a dashed line, about 4 kB."""
    return _drawn(_rows(text))


def png(text: str, scale: int = 16) -> bytes:
    """The QR as PNG of two colours, `scale` pixels a module (49 modules with the quiet zone)."""
    rows = matrix(text)
    side = len(rows) + 2 * QUIET
    margin = [[False] * side] * QUIET
    framed = [*margin, *([False] * QUIET + row + [False] * QUIET for row in rows), *margin]
    image = Image.frombytes("L", (side, side), bytes(0 if dark else 255 for row in framed for dark in row))
    out = io.BytesIO()
    large = image.convert("1", dither=Image.Dither.NONE).resize((side * scale, side * scale), Image.Resampling.NEAREST)
    large.save(out, "PNG", compress_level=6)
    return out.getvalue()


def data_url(text: str) -> str:
    """The QR as an address that a page shows as a picture with no further request."""
    return "data:image/svg+xml;base64," + base64.b64encode(svg(text)).decode()


def pdf(cards: Sequence[Card], title: str) -> bytes:
    """All cards on A4: one alone large on its page, several as strips to cut, twelve a page."""
    made = _compiler(cards, title).compile(SHEET.read_bytes(), format="pdf")
    if not isinstance(made, bytes):
        raise TypeError("typst gives one PDF as bytes")
    return made


def phone_picture(card: Card) -> bytes:
    """One card as a PNG of 1,080 x 1,920 pixels, to keep among a phone's pictures."""
    made = _compiler([card], card.title).compile(PHONE.read_bytes(), format="png", ppi=PHONE_DPI)
    if not isinstance(made, bytes):
        raise TypeError("a card is one page")
    return made


def _compiler(cards: Sequence[Card], title: str) -> typst.Compiler:
    content = {"cards": [asdict(card) | {"qr": svg(card.qr).decode()} for card in cards], "title": title}
    return typst.Compiler(font_paths=fonts(), ignore_system_fonts=True,
                          sys_inputs={"content": json.dumps(content, ensure_ascii=False)})


def plain_qr(text: str) -> str:
    """Any short text (an invitation's link) as a QR picture's address; version as it needs."""
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=0)
    code.add_data(text)
    code.make(fit=True)
    drawn = _drawn(["".join("1" if module else "0" for module in row) for row in code.modules])
    return "data:image/svg+xml;base64," + base64.b64encode(drawn).decode()


def _drawn(rows: Sequence[str]) -> bytes:
    side = len(rows) + 2 * QUIET
    path = "".join(f"M{QUIET} {y + QUIET}.5{_dashes(row)}" for y, row in enumerate(rows))
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" shape-rendering="crispEdges">'
            f'<path fill="#fff" d="M0 0h{side}v{side}H0z"/><path stroke="#000" d="{path}"/></svg>').encode()


RUN = re.compile("0+|1+")


def _dashes(row: str) -> str:
    """The dark modules of one row as strokes: a length to draw, a length to jump, and so on."""
    return "".join([f"h{len(run)}" if run[0] == "1" else f"m{len(run)} 0" for run in RUN.findall(row.rstrip("0"))])


@lru_cache(maxsize=1)
def fonts() -> typst.Fonts:
    """The embedded Chinese font, for whatever is printed."""
    found = importlib.util.find_spec("noto_cjk_sans_otc")
    if found is None or not found.submodule_search_locations:
        raise FileNotFoundError("the package noto-cjk-sans-otc with the Chinese font is missing")
    return typst.Fonts(include_system_fonts=False, font_paths=[Path(next(iter(found.submodule_search_locations)))])
