// Draws QR codes on this phone with no network: alphanumeric mode, level M, the version that the text needs.

const LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
const CHECK = [0, 10, 16, 26, 18, 24, 16, 18, 22, 22, 26, 30, 22, 22, 24, 24, 28, 28, 26, 26, 26, 26, 28, 28, 28, 28, 28, 28,
  28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28]; // check codewords of each block, by version (ISO 18004, level M)
const BLOCKS = [0, 1, 1, 1, 2, 2, 4, 4, 4, 5, 5, 5, 8, 9, 9, 10, 10, 11, 13, 14, 16, 17, 17, 18, 20, 21, 23, 25, 26, 28, 29,
  31, 33, 35, 37, 38, 40, 43, 45, 47, 49];
const QUIET = 4;

function rawCodewords(version) {
  let modules = (16 * version + 128) * version + 64;
  if (version >= 2) {
    const marks = Math.floor(version / 7) + 2;
    modules -= (25 * marks - 10) * marks - 55 + (version >= 7 ? 36 : 0);
  }
  return Math.floor(modules / 8);
}

const dataCodewords = (version) => rawCodewords(version) - CHECK[version] * BLOCKS[version];
const countBits = (version) => (version < 10 ? 9 : version < 27 ? 11 : 13);

function encoded(text) {
  const bits = [];
  const put = (value, length) => {
    for (let at = length - 1; at >= 0; at -= 1) bits.push((value >> at) & 1);
  };
  const values = [...text].map((letter) => LETTERS.indexOf(letter));
  if (values.includes(-1)) throw new RangeError("a letter outside the alphanumeric mode");
  const length = Math.floor(text.length / 2) * 11 + (text.length % 2) * 6;
  let version = 1;
  while (version < 41 && 4 + countBits(version) + length > dataCodewords(version) * 8) version += 1;
  if (version > 40) throw new RangeError("too long for one code");
  put(2, 4);
  put(text.length, countBits(version));
  for (let at = 0; at + 1 < values.length; at += 2) put(values[at] * 45 + values[at + 1], 11);
  if (values.length % 2) put(values.at(-1), 6);
  const room = dataCodewords(version) * 8;
  put(0, Math.min(4, room - bits.length));
  while (bits.length % 8) bits.push(0);
  const bytes = [];
  for (let at = 0; at < bits.length; at += 8) bytes.push(bits.slice(at, at + 8).reduce((sum, bit) => sum * 2 + bit, 0));
  for (let pad = 0xec; bytes.length < room / 8; pad ^= 0xec ^ 0x11) bytes.push(pad);
  return { version, bytes };
}

function times(x, y) {
  let product = 0;
  for (let bit = 7; bit >= 0; bit -= 1) product = (product << 1) ^ ((product >> 7) * 0x11d) ^ (((y >> bit) & 1) * x);
  return product;
}

function divisor(degree) {
  const found = Array(degree - 1).fill(0).concat(1);
  for (let step = 0, root = 1; step < degree; step += 1, root = times(root, 2)) {
    for (let at = 0; at < degree; at += 1) found[at] = times(found[at], root) ^ (found[at + 1] ?? 0);
  }
  return found;
}

function remainder(data, by) {
  const found = by.map(() => 0);
  for (const byte of data) {
    const factor = byte ^ found.shift();
    found.push(0);
    by.forEach((coefficient, at) => (found[at] ^= times(coefficient, factor)));
  }
  return found;
}

// Data and check codewords, woven block by block.
function woven({ version, bytes }) {
  const [count, check, raw] = [BLOCKS[version], CHECK[version], rawCodewords(version)];
  const short = count - (raw % count);
  const length = Math.floor(raw / count) - check;
  const by = divisor(check);
  const blocks = [];
  for (let number = 0, at = 0; number < count; number += 1) {
    const data = bytes.slice(at, (at += length + (number < short ? 0 : 1)));
    blocks.push({ data, check: remainder(data, by) });
  }
  const made = [];
  for (let at = 0; at <= length; at += 1) for (const { data } of blocks) if (at < data.length) made.push(data[at]);
  for (let at = 0; at < check; at += 1) for (const block of blocks) made.push(block.check[at]);
  return made;
}

function alignments(version) {
  if (version === 1) return [];
  const count = Math.floor(version / 7) + 2;
  const step = Math.floor((version * 8 + count * 3 + 5) / (count * 4 - 4)) * 2;
  const found = [6];
  for (let at = version * 4 + 10; found.length < count; at -= step) found.splice(1, 0, at);
  return found;
}

// The fixed parts; `fixed` marks where no data goes.
function frame(version) {
  const side = version * 4 + 17;
  const dark = Array.from({ length: side }, () => Array(side).fill(false));
  const fixed = Array.from({ length: side }, () => Array(side).fill(false));
  const set = (x, y, value) => {
    if (x < 0 || y < 0 || x >= side || y >= side) return;
    dark[y][x] = value;
    fixed[y][x] = true;
  };
  const square = (x, y, reach, light) => {
    for (let dy = -reach; dy <= reach; dy += 1) for (let dx = -reach; dx <= reach; dx += 1) {
      set(x + dx, y + dy, !light.includes(Math.max(Math.abs(dx), Math.abs(dy))));
    }
  };
  for (let at = 0; at < side; at += 1) {
    set(6, at, at % 2 === 0);
    set(at, 6, at % 2 === 0);
  }
  for (const [x, y] of [[3, 3], [side - 4, 3], [3, side - 4]]) square(x, y, 4, [2, 4]);
  const marks = alignments(version);
  for (const x of marks) for (const y of marks) {
    const inFinder = (x === 6 && y === 6) || (x === 6 && y === side - 7) || (x === side - 7 && y === 6);
    if (!inFinder) square(x, y, 2, [1]);
  }
  writeFormat(set, side);
  if (version >= 7) writeVersion(set, side, version);
  return { side, dark, fixed };
}

// Level M (00) and mask 0, with their check bits.
function writeFormat(set, side) {
  const bits = 0x5412; // (0 << 10 | remainder 0) ^ 0x5412
  const bit = (at) => ((bits >> at) & 1) === 1;
  for (let at = 0; at < 6; at += 1) set(8, at, bit(at));
  set(8, 7, bit(6));
  set(8, 8, bit(7));
  set(7, 8, bit(8));
  for (let at = 9; at < 15; at += 1) set(14 - at, 8, bit(at));
  for (let at = 0; at < 8; at += 1) set(side - 1 - at, 8, bit(at));
  for (let at = 8; at < 15; at += 1) set(8, side - 15 + at, bit(at));
  set(8, side - 8, true);
}

function writeVersion(set, side, version) {
  let rest = version;
  for (let step = 0; step < 12; step += 1) rest = (rest << 1) ^ ((rest >> 11) * 0x1f25);
  const bits = (version << 12) | rest;
  for (let at = 0; at < 18; at += 1) {
    const value = ((bits >> at) & 1) === 1;
    const [a, b] = [side - 11 + (at % 3), Math.floor(at / 3)];
    set(a, b, value);
    set(b, a, value);
  }
}

// Rows of modules, true is dark. One mask for all: what is drawn here is sealed or signed, and even enough by itself.
export function modules(text) {
  const data = encoded(text);
  const codewords = woven(data);
  const { side, dark, fixed } = frame(data.version);
  let at = 0;
  for (let right = side - 1; right >= 1; right -= 2) {
    if (right === 6) right = 5;
    for (let step = 0; step < side; step += 1) for (const x of [right, right - 1]) {
      const y = ((right + 1) & 2) === 0 ? side - 1 - step : step;
      if (fixed[y][x]) continue;
      const value = at < codewords.length * 8 && ((codewords[at >> 3] >> (7 - (at & 7))) & 1) === 1;
      dark[y][x] = value !== ((x + y) % 2 === 0);
      at += 1;
    }
  }
  return dark;
}

// Draw it on a canvas, `scale` pixels a module, with its quiet zone.
export function draw(text, canvas, scale = 6) {
  const rows = modules(text);
  canvas.width = canvas.height = (rows.length + 2 * QUIET) * scale;
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.fillStyle = "#fff";
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.fillStyle = "#000";
  rows.forEach((row, y) => row.forEach((value, x) => value
    && context.fillRect((x + QUIET) * scale, (y + QUIET) * scale, scale, scale)));
  return canvas;
}
