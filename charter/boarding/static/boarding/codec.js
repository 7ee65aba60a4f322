// The pass in the QR: read it and check its signature with no network. Twin of charter/passes/rules/codec.py.

import { decode } from "./base45.js";

const DOMAIN = new TextEncoder().encode("charter-pass-v1\0");
const VERSION = 1;
const LETTERS = 138;
const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n; // n of P-256

function whole(bytes) {
  return bytes.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
}

// The claims of 28 bytes; serial and departure as decimal text, times in minutes since the epoch.
export function unpack(payload) {
  const view = new DataView(payload.buffer, payload.byteOffset, 28);
  return {
    key_number: view.getUint16(1),
    serial: String(view.getBigUint64(3)),
    departure: String(whole(payload.subarray(11, 17))),
    revision: view.getUint16(17),
    not_before: view.getUint32(19),
    valid_minutes: view.getUint16(23),
    seat: view.getUint16(25),
    lap_child: (payload[27] & 1) === 1,
  };
}

// A point (x and y, 64 bytes) as a key that only checks signatures.
export function importKey(point) {
  const raw = new Uint8Array([4, ...point]);
  return crypto.subtle.importKey("raw", raw, { name: "ECDSA", namedCurve: "P-256" }, false, ["verify"]);
}

async function signedBy(key, payload, signature) {
  const r = whole(signature.subarray(0, 32));
  const s = whole(signature.subarray(32));
  if (r <= 0n || r >= ORDER || s <= 0n || s > ORDER / 2n) return false;
  const message = new Uint8Array([...DOMAIN, ...payload]);
  return crypto.subtle.verify({ name: "ECDSA", hash: "SHA-256" }, key, signature, message);
}

// {refused, claims, signature}: refused is null for a good pass, else the verdict's code. `keys` is a Map from number
// to {key, revoked}.
export async function readPass(text, keys) {
  const data = text.length === LETTERS ? decode(text) : null;
  if (!data) return { refused: "unreadable", claims: null, signature: null };
  const payload = data.subarray(0, 28);
  const signature = data.subarray(28);
  const known = payload[0] === VERSION ? keys.get((payload[1] << 8) | payload[2]) : undefined;
  if (!known) return { refused: "unknown_key", claims: null, signature: null };
  if (!(await signedBy(known.key, payload, signature))) {
    return { refused: "bad_signature", claims: null, signature: null };
  }
  const claims = unpack(payload);
  if (known.revoked) return { refused: "revoked", claims, signature: null };
  return { refused: null, claims, signature };
}

// First and last moment of a pass, in milliseconds since the epoch.
export function windowOf(claims) {
  const from = claims.not_before * 60000;
  return { from, until: from + claims.valid_minutes * 60000 };
}
