"""Drawn passes are read back by an independent reader: SVG by its path, PNG as it is, PDF as it prints."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path

import pytest
import typst
import zxingcpp
from cryptography.hazmat.primitives.asymmetric import ec
from PIL import Image, ImageDraw, ImageFilter

from charter.passes import rendering
from charter.passes.rules import codec

KEY = ec.derive_private_key(2020, ec.SECP256R1())
RARE = "𠮷𩽾䶮㛃𬭎𫖮𣗋·阿不都"


def passes(count: int) -> list[str]:
    return [codec.sign(KEY, codec.PassClaims(1, 2**61 + 977 * number, 2**45 + number, 1 + number % 9, 29_000_000, 4320,
                                             number % 56, bool(number % 2))) for number in range(count)]


def read(image: Image.Image) -> list[str]:
    return [found.text for found in zxingcpp.read_barcodes(image.convert("L"), formats=zxingcpp.BarcodeFormat.QRCode)]


def card(text: str, number: int) -> rendering.Card:
    return rendering.Card(text, "武义县工会返岗专列", RARE if number == 0 else "张建国", "座位", str(number + 1),
                          [("班次", "巴中1线 0212-03"), ("上车", "巴州客运站 7号车位"), ("集合", "2月12日 周四 06:10"),
                           ("带车", "李师傅 13800001234")], "请带身份证原件")


def test_every_module_stands_as_the_standard_wants() -> None:
    rows = rendering.matrix(passes(1)[0])
    assert [len(row) for row in rows] == [41] * 41
    finder = [True] * 7, [True] + [False] * 5 + [True]
    assert rows[0][:7] == rows[6][:7] == rows[0][-7:] == rows[-1][:7] == finder[0]
    assert rows[1][:7] == rows[5][-7:] == finder[1]


def test_png_passes_are_read_back() -> None:
    for text in passes(60):
        image = Image.open(io.BytesIO(rendering.png(text, scale=4)))
        assert image.size == (49 * 4, 49 * 4)
        assert read(image) == [text]


def test_the_svg_is_one_short_path_with_the_same_modules() -> None:
    for text in passes(5):
        drawn = rendering.svg(text).decode()
        assert len(drawn) < 5_000
        image = Image.new("L", (49, 49), 255)
        for y, dashes in re.findall(r"M4 (\d+)\.5([hm0-9 ]+)", drawn):
            x = 4
            for step, length in re.findall(r"([hm])(\d+)", dashes):
                for _ in range(int(length)):
                    image.putpixel((x, int(y)), 0 if step == "h" else 255)
                    x += 1
        assert read(image.resize((490, 490), Image.Resampling.NEAREST)) == [text]


@pytest.mark.parametrize("spoil", [
    lambda image: image.filter(ImageFilter.GaussianBlur(4)),
    lambda image: image.rotate(8, fillcolor=255, expand=True),
    lambda image: image.point(lambda level: 110 + level // 4),
    lambda image: image.rotate(8, fillcolor=255, expand=True).filter(ImageFilter.GaussianBlur(3)).point(
        lambda level: 110 + level // 4)], ids=["blurred", "tilted", "pale", "all three"])
def test_a_bad_camera_still_reads_the_picture(spoil) -> None:  # type: ignore[no-untyped-def]
    for text in passes(5):
        image = Image.open(io.BytesIO(rendering.png(text, scale=10))).convert("L")
        assert read(spoil(image)) == [text]


def test_a_cracked_screen_still_shows_the_pass() -> None:
    for text in passes(5):
        image = Image.open(io.BytesIO(rendering.png(text, scale=10))).convert("L")
        draw = ImageDraw.Draw(image)
        for start, end in [((490, 210), (150, 490)), ((300, 0), (170, 490)), ((170, 0), (490, 380))]:
            draw.line([start, end], fill=255, width=4)
        assert read(image) == [text]


def test_the_picture_of_a_phones_size_is_read_and_holds_rare_names() -> None:
    for text in passes(3):
        card = rendering.Card(qr=text, title="返岗直通车", name=RARE, seat_label="座位", seat="05车 12F",
                              lines=[("班次", "巴中1线-03"), ("上车点", "巴州客运站 · 7号车位"),
                                     ("集合", "2月12日 周四 06:10"), ("发车", "2月12日 周四 06:40"),
                                     ("带车", "王师傅 15400001234")],
                              note="没电没网也能上车：带身份证，到 巴州客运站 · 7号车位 找带车的人。")
        image = Image.open(io.BytesIO(rendering.phone_picture(card)))
        assert image.size == (1080, 1920)
        assert read(image) == [text]
        assert read(image.resize((540, 960))) == [text]
    (Path(__file__).parents[1] / "shots").mkdir(exist_ok=True)
    image.save(Path(__file__).parents[1] / "shots" / "pass-picture.png")


def pages(cards: list[rendering.Card]) -> list[Image.Image]:
    """The sheet as a printer lays it on paper, at 200 dots an inch."""
    content = {"cards": [{**{name: getattr(one, name) for name in one.__slots__},
                          "qr": rendering.svg(one.qr).decode()} for one in cards], "title": "通行证"}
    compiler = typst.Compiler(font_paths=rendering.fonts(), ignore_system_fonts=True,
                              sys_inputs={"content": json.dumps(content, ensure_ascii=False)})
    made = compiler.compile(rendering.SHEET.read_bytes(), format="png", ppi=200)
    return [Image.open(io.BytesIO(page)) for page in (made if isinstance(made, list) else [made])]


def test_a_sheet_of_strips_is_read_back_from_paper() -> None:
    texts = passes(14)
    sheet = pages([card(text, number) for number, text in enumerate(texts)])
    assert len(sheet) == 2
    assert {text for page in sheet for text in read(page)} == set(texts)


def test_a_single_pass_fills_its_page() -> None:
    text = passes(1)[0]
    (page,) = pages([card(text, 0)])
    assert read(page) == [text]


def test_the_pdf_carries_its_font_and_no_character_is_missing(recwarn: pytest.WarningsRecorder) -> None:
    made = rendering.pdf([card(text, number) for number, text in enumerate(passes(3))], "通行证")
    assert made.startswith(b"%PDF-")
    assert b"NotoSansCJK" in made
    assert "Noto Sans CJK SC" in rendering.fonts().families()
    assert not recwarn.list


def test_a_card_has_no_place_for_an_id_number() -> None:
    assert "id_number" not in rendering.Card.__slots__
    assert Path(rendering.SHEET).read_text(encoding="utf-8").count("id_number") == 0
