"""Sealed values: what goes in comes out, at its own place only, and nothing shows more than four characters."""

from __future__ import annotations

import base64
import json
import os
import pickle
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as some

from charter.core import sealed
from charter.core.sealed import KeyRing, Sealed, SealedField

PHONE = SealedField("worker", "phone")
DOCUMENT = SealedField("worker_document", "number")


@pytest.fixture(autouse=True)
def keys():
    sealed.configure(sealed.new_ring())


@given(some.text(min_size=1, max_size=300), some.uuids())
def test_what_is_sealed_opens_in_its_row(text, row):
    stored = PHONE.seal(row, text)
    assert PHONE.open_bytes(row, stored).decode() == text
    assert PHONE.seal(row, text) != stored, "each time another nonce"
    assert text.encode() not in stored or len(text) < 3


def test_a_value_moved_to_another_row_column_or_table_does_not_open():
    one, other = uuid4(), uuid4()
    stored = PHONE.seal(one, "15400000001")
    for field, row in ((PHONE, other), (SealedField("account", "phone"), one), (DOCUMENT, one)):
        with pytest.raises(ValueError, match="does not open"):
            field.open_bytes(row, stored)


def test_each_flipped_byte_is_refused():
    row = uuid4()
    stored = PHONE.seal(row, "15400000001")
    for place in range(len(stored)):
        for bit in (1, 128):
            changed = bytearray(stored)
            changed[place] ^= bit
            with pytest.raises(ValueError, match="sealed value"):
                PHONE.open_bytes(row, bytes(changed))
    for cut in range(len(stored)):
        with pytest.raises(ValueError, match="sealed value"):
            PHONE.open_bytes(row, stored[:cut])


def test_a_value_shows_its_last_four_at_most():
    value = Sealed("511922198001011234")
    for shown in (str(value), repr(value), f"{value}", json.dumps([value], default=str),
                  pickle.dumps(value).decode("latin-1"), str([value])):
        assert "51192219800101" not in shown
    assert pickle.loads(pickle.dumps(value)) == "***1234"
    assert value.same_as("511922198001011234")
    assert value.ends_with("011234", 6)
    assert not value.ends_with("1234", 6)


def test_no_two_purposes_share_a_key():
    found = {purpose: sealed.derived(purpose) for purpose in sealed.PURPOSES}
    assert len(set(found.values())) == len(sealed.PURPOSES)
    with pytest.raises(ValueError, match="no such purpose"):
        sealed.derived("seal/something.else")


def test_every_sealed_column_has_its_purpose():
    from charter.core import schema
    from charter.core.key_use import sealed_columns
    schema.load_models()
    columns = sealed_columns()
    assert len(columns) >= 8
    missing = [(table, column) for table, column in columns
               if f"seal/{table}.{column.removesuffix('_sealed')}" not in sealed.PURPOSES]
    assert missing == []


def test_the_old_key_opens_what_it_sealed_and_the_new_one_seals():
    first, second = (base64.b64encode(os.urandom(32)).decode() for _ in range(2))
    row = uuid4()
    sealed.configure(f"1:{first}")
    old = PHONE.seal(row, "15400000001")
    sealed.configure(f"2:{second},1:{first}")
    assert PHONE.open_bytes(row, old) == b"15400000001"
    assert PHONE.seal(row, "15400000001")[1:3] == b"\0\2"
    sealed.configure(f"2:{second}")
    with pytest.raises(ValueError, match="does not open"):
        PHONE.open_bytes(row, old)


@pytest.mark.parametrize("written", ["", "1:", "x:AAAA", "1:" + "A" * 42, "0:" + "A" * 43 + "=",
                                     f"1:{'A' * 43}=,1:{'A' * 43}=", "70000:" + "A" * 43 + "="])
def test_what_is_no_ring_is_refused(written):
    with pytest.raises(ValueError):  # noqa: PT011 - some come from base64 itself
        KeyRing.parse(written)


def test_tags_do_not_tell_one_kind_of_value_from_another_by_chance():
    assert sealed.tag("phone", "+8615400000001") != sealed.tag("id_number", "+8615400000001")
    assert sealed.tag("phone", "+8615400000001") == sealed.tag("phone", "+8615400000001")
    assert len(sealed.tag("phone", "x")) == 16
