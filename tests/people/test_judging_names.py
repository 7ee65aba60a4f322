"""Names as lists write them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from charter.people.rules.names import judge_name


@pytest.mark.parametrize("written", [
    "张三", "欧阳娜娜", "李", "𠮷田", "㛃", "䶮", "𬭎𫖮", "孙〇", "买买提·艾山", "阿不都热合曼·吐尔逊·买买提",
    "Zhang San", "Anne-Marie O'Brien",
    "José", "Nguyễn Văn An", "张" * 50,
])
def test_a_good_name_stays_as_it_is(written: str) -> None:
    judged = judge_name(written)
    assert (judged.value, judged.repairs, judged.problem) == (written, (), None)


@pytest.mark.parametrize(("written", "final", "codes"), [
    (" 张三\u00a0", "张三", ["trimmed"]), ("\u3000张三\t\n", "张三", ["trimmed"]),
    ("张 三", "张三", ["name_spacing"]), ("张\u3000三", "张三", ["name_spacing"]),
    ("张\u00a0\n三", "张三", ["name_spacing"]),
    ("\u202e张三\x00", "张三", ["invisible_characters"]), ("张\u200b三", "张三", ["invisible_characters"]),
    ("张\x07三", "张三", ["invisible_characters"]), ("'张三", "张三", ["apostrophe"]),
    *[(f"买买提{dot}艾山", "买买提·艾山", ["name_dot"]) for dot in "•∙・●.。．･‧⋅"],
    ("买买提 • 艾山", "买买提·艾山", ["name_spacing", "name_dot"]), ("买买提 · 艾山", "买买提·艾山", ["name_spacing"]),
    ("Ｚｈａｎｇ Ｓａｎ", "Zhang San", ["full_width"]), ("Zhang\u00a0 San", "Zhang San", ["name_spacing"]),
    ("\ufeff ‘ 买买提．艾山 ", "买买提·艾山", ["invisible_characters", "trimmed", "apostrophe", "name_dot"]),
])
def test_a_safe_repair_of_a_name_is_listed(written: str, final: str, codes: list[str]) -> None:
    judged = judge_name(written)
    assert judged.value == final
    assert [repair.code for repair in judged.repairs] == codes
    assert all((repair.before, repair.after) == (written, final) for repair in judged.repairs)


@pytest.mark.parametrize(("written", "code"), [
    ("", "missing"), ("\u3000\u200b ", "missing"), ("张三😀", "name_invalid"), ("张三1", "name_invalid"),
    ("张三（组长）", "name_invalid"),
    ("张San", "name_invalid"), ("·张三", "name_invalid"), ("张三·", "name_invalid"), ("买买提··艾山", "name_invalid"),
    ("123", "name_invalid"),
    ("张三、李四", "name_invalid"), ("张" * 51, "name_invalid"), ("J. Smith", "name_invalid"), ("-", "name_invalid"),
    ("Иван", "name_invalid"),
    ("张" * 201, "too_long"), ("A" * 32767, "too_long"), ("\ud800", "name_invalid"), ("⼭田", "name_invalid"),
])
def test_a_wrong_name_is_refused(written: str, code: str) -> None:
    judged = judge_name(written)
    assert judged.value is None
    assert judged.problem is not None
    assert judged.problem.code == code
    assert "%" not in judged.problem.text()


@settings(max_examples=300, derandomize=True, deadline=None)
@given(st.text(max_size=40))
def test_a_repaired_name_is_right_at_once(text: str) -> None:
    judged = judge_name(text)
    if judged.value is None:
        assert judged.problem is not None
    else:
        again = judge_name(judged.value)
        assert (again.value, again.repairs) == (judged.value, ())
