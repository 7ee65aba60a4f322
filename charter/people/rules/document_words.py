"""What a 证件类型 cell may say, and which kind of document it means. Anything else is not guessed at."""

from __future__ import annotations

import re

from charter.people.rules.text import BLANKS, narrow

__all__ = ["BY_FORM", "declared_kind"]

BY_FORM = ""  # says nothing more than the number itself does

# A kind is an id_type, in two cases narrowed to one of its forms.
_WORDS: dict[str, str] = {
    "resident_id": (
        "resident_id 身份证 居民身份证 中国居民身份证 中华人民共和国居民身份证 二代身份证 第二代身份证 "
        "第二代居民身份证 二代证 一代身份证 临时身份证 临时居民身份证 大陆身份证 内地身份证 内地居民身份证 "
        "大陆居民身份证 中国身份证 户口簿 户口本 居民户口簿 常住人口登记卡 户口 户口薄 id idcard residentid "
        "residentidcard householdbook householdregister"
    ),
    "hmt_permit": (
        "hmt_permit 港澳台居民居住证 港澳居民居住证 台湾居民居住证 港澳台居住证 港澳居住证 台湾居住证 "
        "香港居民居住证 澳门居民居住证 residencepermit hmtpermit hmtresidencepermit"
    ),
    "permanent_resident": (
        "permanent_resident 外国人永久居留身份证 外国人永久居留证 永久居留身份证 永久居留证 五星卡 中国绿卡 "
        "外国人永居证 permanentresident permanentresidentcard"
    ),
    "travel_permit:hm": (
        "港澳居民来往内地通行证 港澳居民往来内地通行证 回乡证 港澳来往内地通行证 港澳同胞回乡证 "
        "港澳居民通行证 来往内地通行证 港澳通行证 回乡卡 homereturnpermit mainlandtravelpermit"
    ),
    "travel_permit:tw": (
        "台胞证 台湾居民来往大陆通行证 台湾居民往来大陆通行证 台湾通行证 来往大陆通行证 台湾同胞证 "
        "台湾居民通行证 taiwancompatriotpermit mtp"
    ),
    "travel_permit": "travel_permit travelpermit 通行证 港澳台通行证 港澳台居民通行证 港澳台居民来往内地通行证",
    "passport": "passport 护照 普通护照 中国护照 中华人民共和国护照 因私护照 因公护照 外国护照 外籍护照 外国人护照",
    "birth_certificate": "birth_certificate 出生医学证明 出生证明 出生证 出生医学证 birthcertificate",
    # The mainland's own 居住证 bears the resident ID's number.
    BY_FORM: "居住证 证件 身份证件 有效证件 有效身份证件",
}
_KIND = {word: kind for kind, words in _WORDS.items() for word in words.split()}
_noise = re.compile(rf"\([^()]*\)|\[[^\[\]]*\]|[{BLANKS}]+")


def declared_kind(text: str) -> str | None:
    """The kind that a cell names, compared without blanks, width, case and bracketed text; None for an unknown one."""
    return _KIND.get(_noise.sub("", narrow(text)).lower())
