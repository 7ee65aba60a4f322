"""A certificate of our own for https on a machine without one: a phone's camera works on https pages only."""

from __future__ import annotations

import contextlib
import ipaddress
import os
import socket
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

__all__ = ["kept", "machine_names", "self_signed"]

DAYS = 397  # the longest that browsers take
RENEW = timedelta(days=30)


def kept(folder: Path, host: str) -> tuple[Path, Path]:
    """The certificate and key in `folder` (mode 600), made anew where there is none, its names lack one, or it ends."""
    certificate, key = folder / "tls.crt", folder / "tls.key"
    wanted = machine_names(host)
    if not (key.exists() and certificate.exists() and _serves(certificate.read_bytes(), wanted)):
        made, secret = self_signed(wanted)
        _write(key, secret)
        _write(certificate, made)
    return certificate, key


def machine_names(host: str) -> list[str]:
    """What this machine may be called by: localhost, the host that is listened on, its name and addresses."""
    found = {"localhost", "127.0.0.1", "::1", socket.gethostname().lower()}
    if host not in ("0.0.0.0", "::", ""):  # noqa: S104 - these are looked at, not listened on
        found.add(host)
    with contextlib.suppress(OSError):
        found |= {str(entry[4][0]).partition("%")[0] for entry in socket.getaddrinfo(socket.gethostname(), None)}
    for family, far in ((socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1")):
        with contextlib.suppress(OSError), socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.connect((far, 9))  # sends nothing: it asks which of our addresses would be used
            found.add(str(probe.getsockname()[0]))
    return sorted(found)


def self_signed(names: Iterable[str]) -> tuple[bytes, bytes]:
    """Certificate and key (P-256), PEM, for these host names and addresses."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "charter")])
    now = datetime.now(UTC)
    built = (x509.CertificateBuilder().subject_name(subject).issuer_name(subject).public_key(key.public_key())
             .serial_number(x509.random_serial_number()).not_valid_before(now - timedelta(hours=1))
             .not_valid_after(now + timedelta(days=DAYS))
             .add_extension(x509.SubjectAlternativeName([_general(name) for name in names]), critical=False)
             .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
             .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
             .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
             .sign(key, hashes.SHA256()))
    secret = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
                               serialization.NoEncryption())
    return built.public_bytes(serialization.Encoding.PEM), secret


def _general(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _serves(pem: bytes, wanted: list[str]) -> bool:
    found = x509.load_pem_x509_certificate(pem)
    if found.not_valid_after_utc - datetime.now(UTC) < RENEW:
        return False
    names = set(found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value)
    return {_general(name) for name in wanted} <= names


def _write(file: Path, content: bytes) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    unfinished = file.with_name(f"{file.name}.{os.getpid()}")
    with open(os.open(unfinished, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "wb") as opened:
        opened.write(content)
    unfinished.replace(file)
