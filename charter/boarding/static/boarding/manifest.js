// A row of the sealed list opens only with the signature of its own pass (level A).

import { bigEndian, fromBase64, joined, toBase64, utf8 } from "./bytes.js";

async function rowId(signature) {
  const digest = await crypto.subtle.digest("SHA-256", joined(utf8("row"), signature));
  return toBase64(new Uint8Array(digest).subarray(0, 16));
}

// An AES key from a secret, for one departure and version; `use` is encrypt or decrypt.
export async function derivedKey(secret, list, info, use = "decrypt") {
  const base = await crypto.subtle.importKey("raw", secret, "HKDF", false, ["deriveKey"]);
  const salt = joined(bigEndian(list.departure_id, 6), bigEndian(list.version, 4));
  return crypto.subtle.deriveKey({ name: "HKDF", hash: "SHA-256", salt, info: utf8(info) }, base,
    { name: "AES-GCM", length: 256 }, false, [use]);
}

// The bytes in a box (nonce 12 | text and tag). Rejects where the key is another one.
export async function openBox(key, box) {
  const plain = await crypto.subtle.decrypt({ name: "AES-GCM", iv: box.subarray(0, 12) }, key, box.subarray(12));
  return new Uint8Array(plain);
}

// The entry of a pass, or null where the list has no row for it. `list` is the manifest as it came.
export async function openRow(list, signature) {
  const wanted = await rowId(signature);
  const row = list.rows.find((found) => found.row === wanted);
  if (!row) return null;
  const plain = await openBox(await derivedKey(signature, list, "entry"), fromBase64(row.box));
  return JSON.parse(new TextDecoder().decode(plain));
}

// A row as the server seals it; the rehearsal's own list is made of these.
export async function sealRow(list, signature, entry) {
  const key = await derivedKey(signature, list, "entry", "encrypt");
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, utf8(JSON.stringify(entry)));
  return { row: await rowId(signature), box: toBase64(joined(iv, new Uint8Array(sealed))) };
}
