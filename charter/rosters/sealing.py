"""Which columns of this room stand sealed: the file as it came, first rows of it, and what each row says."""

from __future__ import annotations

from charter.core.sealed import SealedField

__all__ = ["CONTENT", "FILE", "SAMPLE"]

FILE = SealedField("roster_batch", "file")
SAMPLE = SealedField("roster_batch", "sample")
CONTENT = SealedField("roster_row", "content")
