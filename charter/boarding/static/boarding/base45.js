// Base45 (RFC 9285), strictly: one text for one value. Twin of charter/passes/rules/base45.py.

const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";

// The bytes of a text, or null where it is none.
export function decode(text) {
  if (text.length % 3) return null;
  const data = new Uint8Array((text.length / 3) * 2);
  for (let at = 0, to = 0; at < text.length; at += 3, to += 2) {
    const [first, second, third] = [0, 1, 2].map((step) => ALPHABET.indexOf(text[at + step]));
    const number = first + 45 * second + 2025 * third;
    if (first < 0 || second < 0 || third < 0 || number > 0xffff) return null;
    data[to] = number >> 8;
    data[to + 1] = number & 0xff;
  }
  return data;
}

// The text of an even number of bytes.
export function encode(bytes) {
  let text = "";
  for (let at = 0; at < bytes.length; at += 2) {
    const number = (bytes[at] << 8) | bytes[at + 1];
    text += ALPHABET[number % 45] + ALPHABET[Math.floor(number / 45) % 45] + ALPHABET[Math.floor(number / 2025)];
  }
  return text;
}
