"""Conditions on many values and rows by COPY say the same as one value and one INSERT at a time."""

from __future__ import annotations

from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from charter.core import db
from charter.core.bulk import any_of, array_text, insert_many
from charter.people.models import Union

TEXTS = st.text(alphabet=st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=12)
VALUES = st.one_of(st.none(), TEXTS)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(VALUES, max_size=6), raw=st.lists(st.binary(max_size=9), max_size=6),
       ids=st.lists(st.uuids(), max_size=4), whole=st.lists(st.integers(-2**31, 2**31 - 1), max_size=4))
def test_an_array_comes_back_as_it_was_written(database: str, texts: list[str | None], raw: list[bytes],
                                               ids: list[UUID], whole: list[int]) -> None:
    with db.transaction() as session:
        found = session.execute(
            text("SELECT CAST(:a AS text[]), CAST(:b AS bytea[]), CAST(:c AS uuid[]), CAST(:d AS int[])"),
            {"a": array_text(texts), "b": array_text(raw), "c": array_text(ids), "d": array_text(whole)}).one()
    assert [list(one) for one in found] == [texts, raw, ids, whole]


def rows(number: int) -> list[dict[str, str]]:
    return [{"kind": "city", "name": f'总"工\\会{place}', "name_en": "x", "hotline": "1"} for place in range(number)]


@pytest.mark.parametrize("number", [3, 50])
def test_few_and_many_rows_get_the_models_defaults_and_break_the_same_constraint(database: str, number: int) -> None:
    db.act(insert_many, Union, rows(number))
    with db.transaction() as session:
        names = [one["name"] for one in rows(number)]
        found = session.scalars(select(Union).where(any_of(Union.name, [*names, "another"]))).all()
        assert sorted(one.name for one in found) == sorted(names)
        assert len({one.id for one in found}) == number
    with pytest.raises(IntegrityError) as refused:
        db.act(insert_many, Union, rows(number))
    assert refused.value.orig.diag.constraint_name == "uq_trade_union_name"  # type: ignore[union-attr]
