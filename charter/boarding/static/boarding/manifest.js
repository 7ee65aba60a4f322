// A row of the sealed list opens only with the signature of its own pass (level A).

const text = new TextEncoder();

export function fromBase64(encoded) {
  return Uint8Array.from(atob(encoded), (letter) => letter.charCodeAt(0));
}

function toBase64(bytes) {
  return btoa(String.fromCharCode(...bytes));
}

function bigEndian(number, length) {
  let rest = BigInt(number);
  const bytes = new Uint8Array(length);
  for (let at = length - 1; at >= 0; at -= 1) {
    bytes[at] = Number(rest & 0xffn);
    rest >>= 8n;
  }
  return bytes;
}

async function rowId(signature) {
  const digest = await crypto.subtle.digest("SHA-256", new Uint8Array([...text.encode("row"), ...signature]));
  return toBase64(new Uint8Array(digest).subarray(0, 16));
}

async function entryKey(signature, departure, version) {
  const base = await crypto.subtle.importKey("raw", signature, "HKDF", false, ["deriveKey"]);
  const salt = new Uint8Array([...bigEndian(departure, 6), ...bigEndian(version, 4)]);
  return crypto.subtle.deriveKey({ name: "HKDF", hash: "SHA-256", salt, info: text.encode("entry") }, base,
    { name: "AES-GCM", length: 256 }, false, ["decrypt"]);
}

// The entry of a pass, or null where the list has no row for it. `list` is the manifest as it came.
export async function openRow(list, signature) {
  const wanted = await rowId(signature);
  const row = list.rows.find((found) => found.row === wanted);
  if (!row) return null;
  const box = fromBase64(row.box);
  const key = await entryKey(signature, list.departure_id, list.version);
  const plain = await crypto.subtle.decrypt({ name: "AES-GCM", iv: box.subarray(0, 12) }, key, box.subarray(12));
  return JSON.parse(new TextDecoder().decode(plain));
}
