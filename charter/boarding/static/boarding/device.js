// The phone's own key: made here, never readable, signs every request and every bundle of unsent scans.

import { hex, joined, toBase64, toUrl, utf8 } from "./bytes.js";

const CURVE = { name: "ECDSA", namedCurve: "P-256" };
const SIGNING = { name: "ECDSA", hash: "SHA-256" };

// A fresh pair; its private half cannot be exported.
export function makePair() {
  return crypto.subtle.generateKey(CURVE, false, ["sign", "verify"]);
}

// x and y of the public half in base64, or "" without a pair.
export async function pointOf(pair) {
  if (!pair) return "";
  return toBase64(new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey)).subarray(1));
}

export async function sign(pair, message) {
  return new Uint8Array(await crypto.subtle.sign(SIGNING, pair.privateKey, message));
}

// The header that proves that this very phone sends this very request at `time` (ms by the server's clock).
export async function proof(pair, method, path, body, time) {
  const name = crypto.randomUUID();
  const digest = hex(new Uint8Array(await crypto.subtle.digest("SHA-256", utf8(body ?? ""))));
  const text = [method, path, String(Math.round(time)), name, digest].join("\n");
  const signature = await sign(pair, joined(utf8("charter-device-v1\0"), utf8(text)));
  return `${Math.round(time)}.${name}.${toUrl(signature)}`;
}
