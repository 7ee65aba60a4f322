"""The parts of a zip, with the sizes looked at before and while reading."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from charter.rosters.reader.limits import PART_BYTES, ZIP_ENTRIES, Refusal

__all__ = ["Parts"]

CHUNK = 1 << 18
ENCRYPTED = 0x1
MARKUP = (".xml", ".rels", ".vml", ".rdf")
HEAD_BYTES = 4096  # a document type stands before the first element
READABLE = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # what office programs write


class Parts:
    """A zip whose directory was found harmless. Names are compared without case, as office programs do."""

    def __init__(self, path: Path) -> None:
        try:
            self.zip = zipfile.ZipFile(path)
        except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError, OSError) as error:
            raise Refusal("damaged") from error
        entries = self.zip.infolist()
        if len(entries) > ZIP_ENTRIES or any(entry.file_size > PART_BYTES for entry in entries):
            raise Refusal("content_too_large")
        if any(entry.flag_bits & ENCRYPTED for entry in entries):
            raise Refusal("encrypted")
        self.entries = {entry.filename.replace("\\", "/").lstrip("/").lower(): entry for entry in entries}

    def __contains__(self, name: str) -> bool:
        return name.lower() in self.entries

    def chunks(self, name: str) -> Iterator[bytes]:
        """The unpacked bytes of a part; a directory that lies about its size is found out here."""
        entry = self.entries.get(name.lower())
        if entry is None or entry.compress_type not in READABLE:
            raise Refusal("damaged")
        total = 0
        try:
            with self.zip.open(entry) as stream:
                while chunk := stream.read(CHUNK):
                    total += len(chunk)
                    if total > PART_BYTES:
                        raise Refusal("content_too_large")
                    yield chunk
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError) as error:
            raise Refusal("damaged") from error

    def read(self, name: str, limit: int = 1 << 20) -> bytes:
        """The first `limit` bytes of a small part."""
        found = b""
        for chunk in self.chunks(name):
            found += chunk
            if len(found) >= limit:
                break
        return found[:limit]

    def refuse_document_types(self) -> None:
        """No part of markup may begin with a document type, the parts that nobody reads neither."""
        for name, entry in self.entries.items():
            if name.endswith(MARKUP) and entry.compress_type in READABLE:
                head = self.read(name, HEAD_BYTES).replace(b"\x00", b"")  # of UTF-16 the low bytes
                if b"<!DOCTYPE" in head or b"<!ENTITY" in head:
                    raise Refusal("entities")

    def beside(self, part: str, target: str) -> str:
        """The name of the part that a relation of `part` points at."""
        if target.startswith("/"):
            return target.lstrip("/")
        folder: list[str] = list(PurePosixPath(part).parent.parts)
        for step in PurePosixPath(target.replace("\\", "/")).parts:
            if step == "..":
                folder = folder[:-1]
            elif step != ".":
                folder.append(step)
        return "/".join(folder)
