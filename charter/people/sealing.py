"""Which columns of this room stand sealed, and how a person is found without opening any."""

from __future__ import annotations

from charter.core.sealed import SealedField, tag
from charter.people.rules import documents, phones

__all__ = ["DOCUMENT_NUMBER", "WORKER_PHONE", "document_tag", "phone_tag"]

DOCUMENT_NUMBER = SealedField("worker_document", "number")
WORKER_PHONE = SealedField("worker", "phone")


def document_tag(id_type: str, number: str) -> bytes:
    """16 bytes of the document's type and canonical number."""
    return tag("id_number", f"{id_type}|{documents.canonical(id_type, number)}")


def phone_tag(phone: str) -> bytes:
    """16 bytes of the phone in its canonical form (+86...)."""
    return tag("phone", phones.canonical(phone))
