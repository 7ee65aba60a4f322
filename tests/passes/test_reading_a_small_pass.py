"""Passes of 25 mm as a cheap camera sees them, blurred, tilted, pale, behind a cracked screen, by another reader."""

from __future__ import annotations

import io

import pytest
import zxingcpp
from cryptography.hazmat.primitives.asymmetric import ec
from PIL import Image, ImageDraw, ImageFilter

from charter.passes import rendering
from charter.passes.rules import codec

KEY = ec.derive_private_key(2025, ec.SECP256R1())
MM = 8  # pixels a millimetre: a phone's camera at a hand's breadth
SIDE = 25 * MM
CRACKS = [  # from, to, in widths of the code; pixels wide
    ((1.0, 0.43), (0.3, 1.0), 2), ((0.61, 0.0), (0.35, 1.0), 2), ((0.35, 0.0), (1.0, 0.78), 1)]


def passes(count: int) -> list[str]:
    claims = [codec.PassClaims(1, 2**60 + 977 * number, 2**44 + number, 1, 29_000_000, 4320, number, False)
              for number in range(count)]
    return [codec.sign(KEY, one) for one in claims]


def seen(text: str) -> Image.Image:
    """The pass, 25 mm wide with its quiet zone, in a larger picture."""
    drawn = Image.open(io.BytesIO(rendering.png(text, scale=16))).convert("L")
    picture = Image.new("L", (2 * SIDE, 2 * SIDE), 210)
    picture.paste(drawn.resize((SIDE, SIDE), Image.Resampling.LANCZOS), (SIDE // 2, SIDE // 2))
    return picture


def blurred(picture: Image.Image) -> Image.Image:
    return picture.filter(ImageFilter.GaussianBlur(1.3))


def tilted(picture: Image.Image) -> Image.Image:
    """Held askew and at an angle: the far edge a tenth shorter."""
    turned = picture.rotate(11, resample=Image.Resampling.BICUBIC, fillcolor=210)
    w, h = turned.size
    return turned.transform((w, h), Image.Transform.QUAD, (0, 0, w * 0.05, h, w * 0.95, h, w, 0),
                            resample=Image.Resampling.BICUBIC)


def pale(picture: Image.Image) -> Image.Image:
    """A dim screen in the sun: dark is 150 of 255, light 200."""
    return picture.point(lambda level: 150 + level * 50 // 255)


def cracked(picture: Image.Image) -> Image.Image:
    """Two cracks of a quarter millimetre across the code, a hairline between them; dark and light."""
    broken = picture.copy()
    draw = ImageDraw.Draw(broken)
    for number, ((x, y), (to_x, to_y), width) in enumerate(CRACKS):
        ends = [(SIDE * (0.5 + x), SIDE * (0.5 + y)), (SIDE * (0.5 + to_x), SIDE * (0.5 + to_y))]
        draw.line(ends, fill=20 if number % 2 else 255, width=width)
    return broken


CASES = {"blurred": [blurred], "tilted": [tilted], "pale": [pale], "cracked": [cracked],
         "all together": [cracked, tilted, blurred, pale]}


@pytest.mark.parametrize("spoiled", CASES.values(), ids=list(CASES))
def test_a_pass_of_25_mm_is_read(spoiled):  # type: ignore[no-untyped-def]
    for text in passes(12):
        picture = seen(text)
        for spoil in spoiled:
            picture = spoil(picture)
        found = zxingcpp.read_barcodes(picture, formats=zxingcpp.BarcodeFormat.QRCode)
        assert [one.text for one in found] == [text]
