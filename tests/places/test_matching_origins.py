"""Origins as people write them, on the shipped table."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from charter.places.matcher import match
from charter.places.table import load

TABLE = load()
LEAVES = TABLE.counties()


@pytest.mark.parametrize(("text", "code"), [
    ("四川省巴中市南江县", "511922"), ("四川省 巴中市 南江县", "511922"), ("四川省-巴中市-南江县", "511922"),
    ("四川省巴中市南江县长赤镇", "511922"), ("四川省巴中市南江县长赤镇红光村3组12号", "511922"),
    ("中国四川省巴中市南江县", "511922"),
    ("511922", "511922"), ("５１１９２２", "511922"), ("北京市朝阳区", "110105"), ("北京市北京市朝阳区", "110105"),
    ("北京市市辖区朝阳区", "110105"), ("重庆市开州区", "500154"), ("重庆市开县", "500154"), ("广东省东莞市", "441900"),
    ("广东省东莞市长安镇", "441900"), ("广东省中山市小榄镇", "442000"), ("海南省儋州市", "460400"),
    ("甘肃省嘉峪关市", "620200"),
    ("湖北省仙桃市", "429004"), ("河南省济源市", "419001"), ("新疆维吾尔自治区石河子市", "659001"),
    ("659012", "659012"),
    ("湖北省恩施土家族苗族自治州恩施市", "422801"), ("四川省达州市达县", "511703"), ("贵州省遵义市遵义县", "520304"),
    ("安徽省铜陵市铜陵县", "340706"), ("福建省三明市沙县", "350405"), ("福建省福州市长乐市", "350112"),
    ("441900", "441900"),
    ("吉林省吉林市船营区", "220204"), ("安徽省巢湖市庐江县", "340124"), ("河北省雄安新区容城县", "130629"),
    ("四川省乐山市市中区", "511102"), ("福建省福州市鼓楼区", "350102"), ("江苏省淮安市淮安区", "320803"),
])
def test_an_origin_written_in_full_is_its_county_and_nothing_was_completed(text: str, code: str) -> None:
    assert (match(TABLE, text).code, match(TABLE, text).completed) == (code, False)


@pytest.mark.parametrize(("text", "code"), [
    ("南江", "511922"), ("南江县", "511922"), ("四川南江", "511922"), ("四川南江县", "511922"),
    ("四川南江县长赤镇", "511922"),
    ("四川南江长赤镇", "511922"), ("巴中南江", "511922"), ("四川省南江县", "511922"), ("四川省巴中市南江", "511922"),
    ("四川巴中市南江县", "511922"),
    ("川南江县", "511922"), ("重庆开州", "500154"), ("重庆开县", "500154"), ("渝开州", "500154"),
    ("北京朝阳", "110105"), ("上海浦东", "310115"),
    ("东莞", "441900"), ("东莞市", "441900"), ("东莞市长安镇", "441900"), ("东莞长安镇", "441900"),
    ("东莞长安", "441900"), ("中山市", "442000"),
    ("湖北仙桃", "429004"), ("济源", "419001"), ("石河子", "659001"), ("恩施市", "422801"), ("恩施州巴东县", "422823"),
    ("恩施州恩施市", "422801"),
    ("湘西州凤凰县", "433123"), ("湘西凤凰", "433123"), ("凉山州会理县", "513402"), ("凉山彝族自治州会理市", "513402"),
    ("达县", "511703"),
    ("开县", "500154"), ("遵义县", "520304"), ("铜陵县", "340706"), ("沙县", "350405"), ("长乐市", "350112"),
    ("重庆秀山县", "500241"),
    ("重庆酉阳", "500242"), ("福建鼓楼区", "350102"), ("南京鼓楼", "320106"), ("南京市鼓楼区", "320106"),
    ("乐山市中区", "511102"),
    ("西安长安", "610116"), ("西双版纳景洪", "532801"), ("内蒙古鄂伦春旗", "150723"), ("通化通化县", "220521"),
    ("长沙县", "430121"),
    ("500234", "500154"), ("湖北神农架", "429021"), ("福建省晋江市", "350582"), ("福建长汀", "350821"),
    ("达县地区达县", "511703"),
    ("重庆市江北区", None), ("重庆江北区", "500157"),
])
def test_a_short_origin_with_one_meaning_is_completed(text: str, code: str | None) -> None:
    if code is None:
        assert match(TABLE, text).code == "500157"
    else:
        assert (match(TABLE, text).code, match(TABLE, text).completed) == (code, True)


@pytest.mark.parametrize("text", [
    "朝阳", "朝阳区", "市中区", "鼓楼区", "重庆市", "重庆", "四川", "四川省", "四川省巴中市", "巴中", "巴中市", "恩施",
    "恩施州", "湖北恩施", "长沙", "大理", "吉林",
    "吉林市", "吉林省吉林市", "海南", "中山", "南山区", "510000", "511900", "110100", "500200", "江苏省鼓楼区",
    "山东省市中区", "东区", "郊区", "吴县", "吴县市",
    "通州", "伊宁", "喀什", "湖北恩施三岔镇", "雄安新区", "河北省雄安新区", "江北区", "新华区", "四川省巴中市长赤镇",
    "朝阳市",
])
def test_an_origin_that_fits_several_places_is_never_guessed(text: str) -> None:
    found = match(TABLE, text)
    assert (found.code, found.problem) == (None, "origin_ambiguous")
    assert all(TABLE.divisions[code].leaf for code in found.choices)
    assert found.choices


@pytest.mark.parametrize("text", [
    "四川省鼓楼区",
    "四川省火星县", "浙江省杭州市火星区", "火星", "南江市", "南江区", "四川省巴中市朝阳区",
    "湖北省南江县", "长安镇", "石门坎镇", "贵州石门坎镇",
    "西湖街道", "巴彦塔拉镇", "123456", "999999", "990000", "51192", "", "。", "四川南江或通江",
    "四川省巴中市南江县通江县", "南江、通江", "张三",
    "江西东乡族自治县", "中山路口", "中山西路街道",
    "x" * 5000,
])
def test_what_names_no_place_or_a_wrong_parent_is_unknown(text: str) -> None:
    assert match(TABLE, text).problem == "origin_unknown"


@pytest.mark.parametrize("leaf", LEAVES, ids=lambda leaf: leaf.code)
def test_every_full_name_and_every_code_is_itself(leaf: object) -> None:
    code = leaf.code  # type: ignore[attr-defined]
    assert match(TABLE, code).code == code
    found = match(TABLE, TABLE.full_name(code))
    assert (found.code, found.completed) == (code, False)
    assert match(TABLE, TABLE.full_name(code) + "某某镇").code == code


def test_every_short_name_is_its_county_or_a_choice_that_holds_it() -> None:
    for leaf in LEAVES:
        found = match(TABLE, leaf.name)
        assert found.code == leaf.code or leaf.code in found.choices, (leaf, found)


def test_a_county_under_a_foreign_province_is_unknown() -> None:
    provinces = TABLE.children("")
    for leaf in LEAVES[::37]:
        for province in provinces:
            if not leaf.code.startswith(province.code[:2]):
                found = match(TABLE, province.name + leaf.name)
                assert found.code is None or found.code.startswith(province.code[:2]), (province, leaf, found)


@settings(max_examples=400, derandomize=True, deadline=None)
@given(st.lists(st.sampled_from(["四川", "省", "巴中", "市", "南江", "县", "长赤镇", "朝阳", "区", "东莞", "重庆", "州",
"镇", "1"]),
                max_size=8).map("".join) | st.text(max_size=30))
def test_any_text_gets_one_verdict(text: str) -> None:
    found = match(TABLE, text)
    assert (found.code is None) == (found.problem is not None)
    assert bool(found.choices) == (found.problem == "origin_ambiguous")
