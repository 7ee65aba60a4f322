// Seal something for the server alone: what stands on this phone, or is carried by another one, opens nowhere else.

import { bigEndian, fromBase64, joined, toBase64, utf8 } from "./bytes.js";
import { phone } from "./known.js";

const CURVE = { name: "ECDH", namedCurve: "P-256" };
const UNSIGNED = new Uint8Array(64); // where a bundle has its signature

// Key number 2 | x and y of a fresh key 64 | nonce 12 | AES-256-GCM text and tag.
export async function sealed(content) {
  const told = phone.known.trip.handover_key;
  const fresh = await crypto.subtle.generateKey(CURVE, false, ["deriveBits"]);
  const point = new Uint8Array(await crypto.subtle.exportKey("raw", fresh.publicKey)).subarray(1);
  const server = await crypto.subtle.importKey("raw", joined([4], fromBase64(told.point)), CURVE, false, []);
  const shared = await crypto.subtle.deriveBits({ name: "ECDH", public: server }, fresh.privateKey, 256);
  const base = await crypto.subtle.importKey("raw", shared, "HKDF", false, ["deriveKey"]);
  const key = await crypto.subtle.deriveKey({ name: "HKDF", hash: "SHA-256", salt: point, info: utf8("handover") }, base,
    { name: "AES-GCM", length: 256 }, false, ["encrypt"]);
  const head = bigEndian(told.number, 2);
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const box = await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData: head }, key, content);
  return joined(head, point, iv, new Uint8Array(box));
}

// A text as base64; it needs no signature, since the request that carries it has one.
export const sealedText = async (text) => toBase64(await sealed(joined(UNSIGNED, utf8(text))));
