"""Which columns of this room stand sealed: the file as it came, and what each row says."""

from __future__ import annotations

from charter.core.sealed import SealedField

__all__ = ["CONTENT", "FILE"]

FILE = SealedField("roster_batch", "file")
CONTENT = SealedField("roster_row", "content")
