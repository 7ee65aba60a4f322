"""A volunteer's phone in Python: joins with a key of its own, signs each request, seals what another phone carries."""

from __future__ import annotations

import base64
import hashlib
import json
import os
from typing import Any
from uuid import uuid4

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask.testing import FlaskClient

from charter.boarding.service import inviting
from charter.core import clock, db


def raw_signature(key: ec.EllipticCurvePrivateKey, message: bytes) -> bytes:
    r, s = decode_dss_signature(key.sign(message, ec.ECDSA(SHA256())))
    return r.to_bytes(32, "big") + s.to_bytes(32, "big")


def point(key: ec.EllipticCurvePrivateKey) -> bytes:
    numbers = key.public_key().public_numbers()
    return numbers.x.to_bytes(32, "big") + numbers.y.to_bytes(32, "big")


class Phone:
    """Joined to one departure."""

    def __init__(self, client: FlaskClient, departure_id: int) -> None:
        self.client, self.key = client, ec.generate_private_key(ec.SECP256R1())
        path = db.act(inviting.invite, departure_id)
        answer = client.post("/api/v1/scanners", json={"invitation": path.split("#")[1], "name": "小王的手机",
                                                       "key": base64.b64encode(point(self.key)).decode()})
        assert answer.status_code == 201, answer.text
        self.told = answer.json
        self.place = f"/api/v1/departures/{departure_id}"

    def proof(self, method: str, path: str, body: bytes, at: int | None = None, key: Any = None) -> str:
        time, name = str(at or int(clock.now().timestamp() * 1000)), str(uuid4())
        text = "\n".join([method, path, time, name, hashlib.sha256(body).hexdigest()]).encode()
        signature = raw_signature(key or self.key, b"charter-device-v1\0" + text)
        return f"{time}.{name}.{base64.urlsafe_b64encode(signature).decode().rstrip('=')}"

    def headers(self, proof: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.told['token']}", "X-Device-Proof": proof}

    def get(self, path: str) -> Any:
        return self.client.get(path, headers=self.headers(self.proof("GET", path, b"")))

    def post(self, path: str, body: Any, proof: str | None = None) -> Any:
        data = json.dumps(body).encode()
        return self.client.post(path, data=data, content_type="application/json",
                                headers=self.headers(proof or self.proof("POST", path, data)))

    def bundle(self, scans: list[Any], offset_ms: int = 0, key: Any = None, pack: Any = None) -> str:
        """Its unsent scans, sealed for the server; `pack` makes something else of the text."""
        told = self.get(f"{self.place}/scanning").json["handover_key"]
        text = json.dumps({"device_id": self.told["device_id"], "offset_ms": offset_ms, "scans": scans}).encode()
        text = pack(text) if pack else text
        inside = raw_signature(key or self.key, b"charter-handover-v1\0" + text) + text
        fresh = ec.generate_private_key(ec.SECP256R1())
        server = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), b"\4" + base64.b64decode(told["point"]))
        secret = HKDF(SHA256(), 32, salt=point(fresh), info=b"handover").derive(fresh.exchange(ec.ECDH(), server))
        head, nonce = told["number"].to_bytes(2, "big"), os.urandom(12)
        sealed = AESGCM(secret).encrypt(nonce, inside, head)
        return base64.b64encode(head + point(fresh) + nonce + sealed).decode()
