"""The cell styles of a workbook, with red twins of those that marked cells have."""

from __future__ import annotations

import copy
from typing import Any

from lxml import etree

from charter.rosters.giving_back.package import MAIN

__all__ = ["Styles", "Unpatchable", "parser"]

RED, DARK_RED = "FFFFC7CE", "FFB3261E"
MOST = 60_000  # Excel opens no workbook with more styles than 64,000


class Unpatchable(Exception):
    """This workbook is not written as usual: its rows go into a new one."""


def parser() -> dict[str, Any]:
    """How lxml reads a stranger's part: no entities, no document type, nothing fetched."""
    return {"resolve_entities": False, "no_network": True, "load_dtd": False, "remove_comments": True,
            "remove_pis": True, "huge_tree": False}


class Styles:
    """styles.xml at hand. `bad(style)` is the number of the same style on red ground. Raises Unpatchable."""

    def __init__(self, content: bytes) -> None:
        try:
            self.root = etree.fromstring(content, etree.XMLParser(**parser()))
        except etree.XMLSyntaxError as error:
            raise Unpatchable from error
        self.formats, fills, fonts = (self._child(name) for name in ("cellXfs", "fills", "fonts"))
        self.own = len(self.formats)
        for extra in self.root.findall(f"{{{MAIN}}}extLst"):
            self.root.remove(extra)
        self.red = _added(fills, f'<fill xmlns="{MAIN}"><patternFill patternType="solid"><fgColor rgb="{RED}"/>'
                                 '<bgColor indexed="64"/></patternFill></fill>')
        font = _added(fonts, f'<font xmlns="{MAIN}"><b/><sz val="11"/><color rgb="{DARK_RED}"/></font>')
        self.twins: dict[int, int] = {}
        self.why = self._new({"fontId": str(font), "applyFont": "1"}, 0)

    def bad(self, style: int) -> int:
        """The red twin of a style; of a style that there is not, that of the first one."""
        style = style if 0 <= style < self.own else 0
        if style not in self.twins:
            self.twins[style] = self._new({"fillId": str(self.red), "applyFill": "1"}, style)
        return self.twins[style]

    def content(self) -> bytes:
        """styles.xml with the new styles."""
        found: bytes = etree.tostring(self.root, xml_declaration=True, encoding="UTF-8", standalone=True)
        return found

    def _child(self, name: str) -> Any:
        found = self.root.find(f"{{{MAIN}}}{name}")
        if found is None or not len(found) or len(found) > MOST:
            raise Unpatchable
        return found

    def _new(self, changes: dict[str, str], like: int) -> int:
        made = copy.deepcopy(self.formats[like])
        for name, value in changes.items():
            made.set(name, value)
        self.formats.append(made)
        self.formats.set("count", str(len(self.formats)))
        return len(self.formats) - 1


def _added(parent: Any, text: str) -> int:
    parent.append(etree.fromstring(text))
    parent.set("count", str(len(parent)))
    return len(parent) - 1
