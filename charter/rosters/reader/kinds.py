"""What kind of file this is, by its content; its name says nothing."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Literal

import olefile

from charter.rosters.reader.limits import FILE_BYTES, Refusal
from charter.rosters.reader.xml import Attributes, elements
from charter.rosters.reader.zips import Parts

__all__ = ["Kind", "kind_of"]

Kind = Literal["xlsx", "xls", "ods", "text"]

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
IMAGES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\x00", b"MM\x00*", b"\x00\x00\x01\x00", b"8BPS")
OTHERS = (b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"\x7fELF", b"{\\rtf", b"%!PS", b"SQLite format")
MARKUP = re.compile(rb"\s*<[a-zA-Z!?]")
ODS_TYPE = b"application/vnd.oasis.opendocument.spreadsheet"


def kind_of(path: Path) -> Kind:
    """The kind; raises `Refusal` for what is no list: too large, encrypted, a picture, a PDF, a web page."""
    if not path.is_file():  # a folder, a pipe, a device without end
        raise Refusal("unreachable")
    size = path.stat().st_size
    if size > FILE_BYTES:
        raise Refusal("too_large")
    with path.open("rb") as file:
        head = file.read(4096)
    if not head:
        raise Refusal("empty")
    if head.startswith(ZIP):
        return _kind_of_zip(path)
    if head.startswith(OLE):
        return _kind_of_ole(path)
    _refuse_other(head)
    return "text"


def _refuse_other(head: bytes) -> None:
    if b"%PDF-" in head[:1024]:
        raise Refusal("pdf")
    if head.startswith(IMAGES) or head[8:12] == b"WEBP" or head[4:12] in (b"ftypheic", b"ftypavif"):
        raise Refusal("image")
    if head.startswith(b"BM") and head[6:10] == b"\x00" * 4:  # a text may begin with these letters, a bitmap goes on so
        raise Refusal("image")
    if head.startswith(OTHERS) or (head.startswith(b"MZ") and b"\x00" in head[:64]):
        raise Refusal("other_kind")
    if MARKUP.match(_narrow(head)):
        raise Refusal("entities" if b"<!ENTITY" in _narrow(head) else "html")


def _narrow(head: bytes) -> bytes:
    """The bytes without a byte order mark, of UTF-16 the low ones: enough to see markup."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return head[2:].replace(b"\x00", b"")
    return head.removeprefix(b"\xef\xbb\xbf")


def _kind_of_zip(path: Path) -> Kind:
    parts = Parts(path)
    parts.refuse_document_types()
    if "xl/workbook.xml" in parts or ("[content_types].xml" in parts and _is_workbook(parts)):
        return "xlsx"
    if "mimetype" in parts and parts.read("mimetype", 200).startswith(ODS_TYPE) and "content.xml" in parts:
        _refuse_encrypted_ods(parts)
        return "ods"
    if "encrypted-package" in parts:
        raise Refusal("encrypted")
    raise Refusal("other_kind")


def _is_workbook(parts: Parts) -> bool:
    found = []

    def seen(tag: str, attributes: Attributes) -> None:
        if tag in ("Override", "Default") and "spreadsheetml" in attributes.get("ContentType", "").lower():
            found.append(attributes)

    elements(parts.chunks("[content_types].xml"), seen)
    return bool(found)


def _refuse_encrypted_ods(parts: Parts) -> None:
    def seen(tag: str, attributes: Attributes) -> None:
        if tag == "encryption-data":
            raise Refusal("encrypted")

    if "meta-inf/manifest.xml" in parts:
        elements(parts.chunks("meta-inf/manifest.xml"), seen)


def _kind_of_ole(path: Path) -> Kind:
    with olefile.OleFileIO(str(path)) as ole:
        if ole.exists("EncryptedPackage") or ole.exists("EncryptionInfo"):
            raise Refusal("encrypted")
        if ole.exists("Workbook") or ole.exists("Book"):
            return "xls"
    raise Refusal("other_kind")
