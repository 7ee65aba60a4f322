"""Passes as phones and servers read them: every way of breaking one has its named verdict."""

from __future__ import annotations

import json
import struct
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from hypothesis import given
from hypothesis import strategies as st

from charter.passes.rules import base45, codec
from charter.passes.rules.seats import seat_name, seat_number

KEY = ec.derive_private_key(2020, ec.SECP256R1())
STRANGER = ec.derive_private_key(2021, ec.SECP256R1())
KEYS = {7: codec.verify_key(7, KEY.public_key())}
CLAIMS = codec.PassClaims(7, 2**62 + 5, 2**47 + 11, 3, 29_000_000, 4_320, 23, False)

claims = st.builds(
    codec.PassClaims, key_number=st.just(7), serial=st.integers(1, 2**63 - 1), departure=st.integers(1, 2**48 - 1),
    revision=st.integers(0, 2**16 - 1), not_before=st.integers(0, 2**32 - 1), valid_minutes=st.integers(0, 2**16 - 1),
    seat=st.integers(0, 2**16 - 1), lap_child=st.booleans())


def refusal(text: str, keys: dict[int, codec.VerifyKey] | None = None) -> str:
    with pytest.raises(codec.Refused) as caught:
        codec.read(text, KEYS if keys is None else keys)
    return caught.value.code


def with_signature(payload: bytes, r: int, s: int) -> str:
    return base45.encode(payload + r.to_bytes(32, "big") + s.to_bytes(32, "big"))


def parts() -> tuple[bytes, int, int]:
    data = base45.decode(codec.sign(KEY, CLAIMS))
    return data[:28], int.from_bytes(data[28:60], "big"), int.from_bytes(data[60:], "big")


@given(claims)
def test_what_is_signed_is_what_is_read(said: codec.PassClaims) -> None:
    text = codec.sign(KEY, said)
    assert len(text) == 138
    assert codec.read(text, KEYS).claims == said
    assert codec.sign(KEY, said) == text
    assert int.from_bytes(base45.decode(text)[60:], "big") <= codec.ORDER // 2


def test_the_payload_stands_as_the_contract_lays_it_out() -> None:
    said = codec.PassClaims(0x0203, 0x0405060708090A0B, 0x0C0D0E0F1011, 0x1213, 0x14151617, 0x1819, 0x1A1B, True)
    assert codec.pack(said) == bytes([1, *range(2, 0x1C), 1])
    assert codec.unpack(codec.pack(said)) == said


def test_every_changed_byte_gives_its_verdict() -> None:
    data = base45.decode(codec.sign(KEY, CLAIMS))
    for at in range(92):
        for change in (0x01, 0x80, 0xFF):
            broken = bytearray(data)
            broken[at] ^= change
            expected = "unknown_key" if at < 3 else "bad_signature"
            assert refusal(base45.encode(bytes(broken))) == expected, (at, change)


@pytest.mark.parametrize("break_it", [
    lambda text: text[:-1], lambda text: text[:-3], lambda text: "", lambda text: text + "0", lambda text: text + "000",
    lambda text: text.lower(), lambda text: text[:-3] + ":::", lambda text: "GGX" + text[3:],
    lambda text: text[:50] + "_" + text[51:], lambda text: text[:50] + "\0" + text[51:],
    lambda text: "\uff10" + text[1:], lambda text: " " + text, lambda text: text + "\n"])
def test_what_is_no_canonical_base45_of_138_letters_is_unreadable(break_it) -> None:  # type: ignore[no-untyped-def]
    assert refusal(break_it(codec.sign(KEY, CLAIMS))) == "unreadable"


def test_the_highest_pair_of_bytes_is_still_read() -> None:
    assert base45.decode("FGW") == b"\xff\xff"
    with pytest.raises(ValueError, match="65535"):
        base45.decode("GGW")


def test_signature_numbers_out_of_range_are_bad() -> None:
    payload, r, s = parts()
    assert refusal(with_signature(payload, r, codec.ORDER - s)) == "bad_signature"
    for broken_r, broken_s in [(0, s), (r, 0), (codec.ORDER, s), (codec.ORDER + 1, s), (r, codec.ORDER),
                               (2**256 - 1, s), (r, 2**256 - 1), (0, 0)]:
        assert refusal(with_signature(payload, broken_r, broken_s)) == "bad_signature"


def test_another_domain_string_is_bad() -> None:
    payload = codec.pack(CLAIMS)
    for domain in (b"", b"charter-pass-v1", b"charter-pass-v2\0"):
        r, s = decode_dss_signature(STRANGER.sign(domain + payload, ec.ECDSA(SHA256())))
        other = {7: codec.verify_key(7, STRANGER.public_key())}
        assert refusal(with_signature(payload, r, min(s, codec.ORDER - s)), other) == "bad_signature"


def test_a_strangers_key_under_our_number_is_bad_and_under_its_own_unknown() -> None:
    assert refusal(codec.sign(STRANGER, CLAIMS)) == "bad_signature"
    foreign = codec.PassClaims(8, *[getattr(CLAIMS, name) for name in codec.PassClaims.__slots__[1:]])
    assert refusal(codec.sign(STRANGER, foreign)) == "unknown_key"
    assert refusal(codec.sign(KEY, CLAIMS), {}) == "unknown_key"


def test_a_revoked_key_refuses_good_passes_and_still_calls_forged_ones_forged() -> None:
    revoked = {7: codec.verify_key(7, KEY.public_key(), revoked=True)}
    assert refusal(codec.sign(KEY, CLAIMS), revoked) == "revoked"
    assert refusal(codec.sign(STRANGER, CLAIMS), revoked) == "bad_signature"


def test_after_a_rotation_old_and_new_passes_are_both_read() -> None:
    keys = {**KEYS, 8: codec.verify_key(8, STRANGER.public_key())}
    newer = codec.PassClaims(8, *[getattr(CLAIMS, name) for name in codec.PassClaims.__slots__[1:]])
    assert codec.read(codec.sign(KEY, CLAIMS), keys).claims == CLAIMS
    assert codec.read(codec.sign(STRANGER, newer), keys).claims == newer


def test_the_window_includes_both_its_ends() -> None:
    first = datetime(2027, 2, 11, 22, 40, tzinfo=UTC)
    said = codec.PassClaims(7, 1, 1, 0, int(first.timestamp()) // 60, 72 * 60, 0, False)
    last = first + timedelta(hours=72)
    tick = timedelta(microseconds=1)
    assert [codec.check_window(said, at) for at in (first - tick, first, last, last + tick)] == [
        "not_yet_valid", None, None, "expired"]


@given(st.binary(max_size=200).filter(lambda data: len(data) % 2 == 0))
def test_base45_goes_there_and_back(data: bytes) -> None:
    assert base45.decode(base45.encode(data)) == data


@given(st.text(max_size=12))
def test_no_two_texts_mean_the_same_bytes(text: str) -> None:
    try:
        data = base45.decode(text)
    except ValueError:
        return
    assert base45.encode(data) == text


def test_numbers_that_do_not_fit_are_not_signed() -> None:
    for name, value in [("serial", 2**64), ("departure", 2**48), ("revision", 2**16), ("seat", -1)]:
        too_much = {field: getattr(CLAIMS, field) for field in codec.PassClaims.__slots__} | {name: value}
        with pytest.raises((struct.error, OverflowError)):
            codec.sign(KEY, codec.PassClaims(**too_much))


@pytest.mark.parametrize(("name", "number"), [
    (None, 0), ("", 0), ("12", 12), ("1", 1), ("55", 55), ("12F", 0x8000 | 12 << 4 | 5),
    ("05车 12F", 0x8000 | 5 << 10 | 12 << 4 | 5), ("16车 1A", 0x8000 | 16 << 10 | 1 << 4)])
def test_a_seat_keeps_its_name_in_two_bytes(name: str | None, number: int) -> None:
    assert seat_number(name) == number
    assert seat_name(number) == (name or None)


@pytest.mark.parametrize("name", ["012", "卧铺 3", "99车 1A", "64A", "12Z", "12f", "00车 1A", "12345"])
def test_a_seat_that_does_not_fit_two_bytes_is_left_to_the_list(name: str) -> None:
    assert seat_number(name) == 0


def test_the_vectors_that_phones_run_read_the_same_here() -> None:
    vectors = json.loads((Path(__file__).parents[2] / "config/boarding-vectors.json").read_text())
    keys = {key["number"]: codec.VerifyKey(key["number"], bytes.fromhex(key["x"] + key["y"]), key["revoked"])
            for key in vectors["keys"]}
    assert len(vectors["passes"]) > 100
    for case in vectors["passes"]:
        if case["code"] is None:
            said = codec.read(case["pass"], keys).claims
            assert {name: getattr(said, name) for name in case["claims"]} == {
                name: int(value) if isinstance(value, str) else value for name, value in case["claims"].items()}
        else:
            assert refusal(case["pass"], keys) == case["code"], case["name"]
    for seat in vectors["seats"]:
        assert seat_name(seat["number"]) == seat["name"]
