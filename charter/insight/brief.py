"""What a brief says, in the reader's language: paragraphs and tables out of one frozen issue."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from charter.core import clock, money
from charter.core.i18n import N_, gettext, language
from charter.insight.issuing import corrected, issue_steps
from charter.insight.models import ReportIssue

__all__ = ["CAUSE_WORDS", "FIGURES", "Block", "Brief", "compose", "number_text", "said", "short"]

FIGURES = {"persons": N_("接回（人）"), "person_trips": N_("人次"), "bus": N_("大巴（辆次）"),
           "train": N_("火车（列次）"), "flight": N_("包机（架次）"), "feeders": N_("接驳车（趟）"),
           "employers": N_("服务企业（家）"), "spent_fen": N_("投入（元）"), "no_shows": N_("未到（人次）")}
CAUSE_WORDS = {"other_vehicle": N_("坐了别的班次"), "own_travel": N_("自行返岗"), "withdrew": N_("已撤回报名"),
               "said_coming": N_("说过会来，没有到"), "no_phone": N_("没有手机号，通知不到"), "unknown": N_("原因不明")}
MEANING = N_("口径：已发车班次里登记上车的人算接回；同一人只算一人，每乘一次主程算一人次，接驳不另算；"
             "投入有账单按账单，没有按计划。")
PAYERS = {"city": N_("市总工会"), "employer": N_("用工企业"), "worker": N_("职工")}


@dataclass(frozen=True, slots=True)
class Block:
    """A heading, a paragraph, or a table with its header first."""

    heading: str = ""
    text: str = ""
    table: Sequence[Sequence[str]] = ()


@dataclass(frozen=True, slots=True)
class Brief:
    """A brief as it is laid out: its own head, number, office and day, title, body, signer and foot."""

    head: str
    number: str
    office: str
    day: str
    title: str
    blocks: tuple[Block, ...]
    signer: str
    foot: tuple[tuple[str, str], ...]
    copies: str
    check: str


def number_text(key: str, value: int) -> str:
    """A figure as people read it; money in yuan."""
    return money.yuan(value) if key.endswith("_fen") else str(value)


def _day(found: ReportIssue) -> str:
    day = found.day
    return f"{day.year}年{day.month}月{day.day}日" if language() == "zh" else day.isoformat()


def short(found: ReportIssue) -> str:
    """At most 200 characters for a chat."""
    figures = found.figures
    text = gettext(
        "截至%(at)s，工会共投入 %(money)s 元，开行大巴 %(bus)s 辆次、包机 %(flight)s 架次、火车 %(train)s 列次，"
        "接回 %(people)s 人（%(trips)s 人次），服务企业 %(firms)s 家。",
        at=clock.local(found.until).strftime("%m-%d %H:%M"), money=money.yuan(figures["spent_fen"]),
        bus=figures["bus"], flight=figures["flight"], train=figures["train"], people=figures["persons"],
        trips=figures["person_trips"], firms=figures["employers"])
    today = {one.key: one.today for one in issue_steps(found)}
    more = gettext("比上期新增 %(people)s 人。", people=today["persons"])
    changed = corrected(found)
    if changed:
        more += gettext("更正上期 %(count)s 项。", count=len(changed))
    return (text + more)[:200]


def said(found: ReportIssue) -> list[Block]:
    """The body that every paper of an issue shares."""
    figures = found.figures
    blocks = [Block(gettext("一、总体情况"), short(found)), Block(table=_steps(found))]
    changed = corrected(found)
    if changed:
        blocks.append(Block(text=gettext("上期数字的更正：") + "；".join(
            f"{gettext(FIGURES[one.key])} {number_text(one.key, one.before)} → "
            f"{number_text(one.key, one.before + one.correction)}（{found.reasons.get(one.key, '')}）"
            for one in changed) + "。"))
    blocks += [Block(gettext("二、经费来源"), _money(figures)), Block(table=_sources(figures)),
               Block(gettext("三、准点和未到"), _punctual(figures)), Block(table=_causes(figures)),
               Block(gettext("四、正在路上和明天"), _road(figures["road"]))]
    if found.story:
        blocks.append(Block(gettext("五、工作情况"), found.story))
    silent = gettext("有 %(count)s 个班次发了车但没有上车记录，人数可能偏少。", count=figures["silent"])
    blocks.append(Block(text=gettext(MEANING) + (silent if figures["silent"] else "")))
    return [block for block in blocks if block.heading or block.text or len(block.table) > 1]


def _steps(found: ReportIssue) -> list[list[str]]:
    header = [gettext(word) for word in (N_("指标"), N_("上期累计"), N_("更正"), N_("本期新增"), N_("累计"))]
    return [header, *([gettext(FIGURES[one.key]), *(number_text(one.key, value) for value in (
        one.before, one.correction, one.today, one.total))] for one in issue_steps(found))]


def _money(figures: dict[str, Any]) -> str:
    people, trips = figures["persons"], figures["person_trips"]
    if not people:
        return gettext("共投入 %(money)s 元。", money=money.yuan(figures["spent_fen"]))
    text = gettext("共投入 %(money)s 元，平均每人 %(each)s 元、每人次 %(trip)s 元。",
                   money=money.yuan(figures["spent_fen"]), each=money.yuan(figures["spent_fen"] // people),
                   trip=money.yuan(figures["spent_fen"] // max(trips, 1)))
    if figures["missing_bills"]:
        text += gettext("其中 %(count)s 个班次还没有账单，按计划计。", count=figures["missing_bills"])
    return text


def _sources(figures: dict[str, Any]) -> list[list[str]]:
    header = [gettext(N_("哪一方")), gettext(N_("按方案承担（元）")), gettext(N_("已入账（元）"))]
    rows = []
    for payer, name, name_en, planned, booked in figures["sources"]:
        said_name = gettext("%(name)s总工会", name=name if language() == "zh" else name_en) if payer == "district" \
            else gettext(PAYERS[payer])
        rows.append([said_name, money.yuan(planned), money.yuan(booked)])
    return [header, *rows]


def _punctual(figures: dict[str, Any]) -> str:
    known = figures["left_known"]
    text = gettext("还没有发车记录。") if not known else gettext(
        "%(known)s 个班次登记了发车，%(good)s 个在最后通知时间后 15 分钟内发车（%(share)s）。", known=known,
        good=figures["on_time"], share=f"{figures['on_time'] * 100 / known:.1f} %")
    return text + gettext("有座位没有上车的 %(count)s 人次。", count=figures["no_shows"])


def _causes(figures: dict[str, Any]) -> list[list[str]]:
    return [[gettext(N_("未到原因")), gettext(N_("人次"))],
            *([gettext(CAUSE_WORDS[key]), str(count)] for key, count in figures["no_show_causes"].items())]


def _road(road: dict[str, int]) -> str:
    return gettext("正在路上 %(vehicles)s 个班次 %(people)s 人；明天计划发车 %(tomorrow)s 个班次，已订 %(booked)s 人。",
                   vehicles=road["vehicles"], people=road["people"], tomorrow=road["tomorrow"],
                   booked=road["tomorrow_people"])


def compose(found: ReportIssue, place_name: Callable[[str], str]) -> Brief:
    """The whole brief; `place_name` names a province by its code."""
    tables = [Block(gettext("附：分区情况"), table=[
        [gettext(N_("区")), gettext(N_("人数")), gettext(N_("企业"))],
        *([row[0] if language() == "zh" else row[1], str(row[2]), str(row[3])]
          for row in found.figures["by_district"])]),
        Block(gettext("附：出发省份"), table=[
            [gettext(N_("出发省份")), gettext(N_("人数"))],
            *([place_name(code + "0000"), str(count)] for code, count in found.figures["by_province"].items())])]
    foot = tuple((gettext(word), text) for word, text in (
        (N_("报"), found.report_to), (N_("送"), found.send_to), (N_("发"), found.copy_to)) if text)
    return Brief(
        found.head, gettext("第 %(number)s 期", number=found.number), found.office, _day(found),
        gettext("返岗服务情况（截至%(at)s）", at=clock.local(found.until).strftime("%m-%d %H:%M")),
        (*said(found), *(block for block in tables if len(block.table) > 1)),
        gettext("签发：%(name)s", name=found.signer) if found.state == "issued" else gettext("未签发，仅供核对"),
        foot, gettext("共印 %(copies)s 份", copies=found.copies),
        gettext("校验值 %(digest)s", digest=found.digest.hex()[:32]) if found.digest else "")
