"""Invented people: names that sound right, ID numbers valid in form, phones of a range that nobody can be called on."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from charter.people.rules import credit_codes, documents

__all__ = ["Person", "credit_code", "id_number", "people"]

SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
)
MALE = "伟强磊军勇杰涛明超刚平辉鹏华飞鑫波斌宇浩凯健俊帆帅旭宁龙林国建文志海峰"
FEMALE = "芳娜敏静丽艳娟霞秀玲桂英梅红燕萍婷雪琳慧莉佳颖洁倩云兰凤琴素珍春香月"
RARE = ("吉克·阿呷", "阿依古丽·买买提", "欧阳静", "𠮷田明")
PHONE_RANGE = "154"  # not assigned to any carrier


@dataclass(frozen=True, slots=True)
class Person:
    """One invented worker; `home` is the division of his ID number, which says nothing about where he boards."""

    name: str
    id_number: str
    phone: str


def id_number(region: str, born: date, order: int) -> str:
    """A resident ID number valid in form (GB 11643)."""
    body = f"{region}{born:%Y%m%d}{order:03d}"
    return body + documents.check_character(body)


def people(rng: random.Random, today: date, regions: list[str]) -> Iterator[Person]:
    """Endless invented adults of 18 to 58 years, no two with one ID number or phone."""
    taken: set[str] = set()
    serial = rng.randrange(10_000, 20_000)
    while True:
        woman = rng.random() < 0.42
        born = today - timedelta(days=rng.randrange(18 * 366, 58 * 365))
        number = id_number(rng.choice(regions), born, rng.randrange(1, 499) * 2 + (0 if woman else 1))
        if number in taken:
            continue
        taken.add(number)
        serial += 1
        yield Person(_name(rng, woman), number, f"{PHONE_RANGE}{serial:08d}")


def _name(rng: random.Random, woman: bool) -> str:
    if rng.random() < 0.002:
        return rng.choice(RARE)
    letters = FEMALE if woman else MALE
    return rng.choice(SURNAMES) + "".join(rng.choices(letters, k=rng.choice((1, 2, 2))))


def credit_code(rng: random.Random, region: str) -> str:
    """A unified social credit code valid in form (GB 32100), of a firm that does not exist."""
    letters = credit_codes.ALPHABET
    body = "91" + region + "MA" + "".join(rng.choices(letters[:10], k=6)) + rng.choice(letters[10:])
    return body + credit_codes.check_character(body)
