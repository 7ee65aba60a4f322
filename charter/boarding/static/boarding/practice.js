// Five practice passes, made and signed on this phone: its real rules judge them, nothing of them is ever sent.

import { encode } from "./base45.js";
import { bigEndian, joined, utf8 } from "./bytes.js";
import { makePair, sign } from "./device.js";
import { sealRow } from "./manifest.js";

const NUMBER = 65535; // a key number that no campaign reaches
const HERE = "1";
const THERE = "2";
const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

const whole = (bytes) => bytes.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);

function payload({ serial, departure, revision, seat }) {
  const begins = Math.floor(Date.now() / 60_000) - 24 * 60;
  return joined([1], bigEndian(NUMBER, 2), bigEndian(serial, 8), bigEndian(departure, 6), bigEndian(revision, 2),
    bigEndian(begins, 4), bigEndian(72 * 60, 2), bigEndian(seat, 2), [0]);
}

// Passes are signed with a low s: of the two that verify, only one is a pass.
async function signed(pair, claims) {
  const bytes = payload(claims);
  const raw = await sign(pair, joined(utf8("charter-pass-v1\0"), bytes));
  const s = whole(raw.subarray(32));
  const low = s > ORDER / 2n ? ORDER - s : s;
  const signature = joined(raw.subarray(0, 32), bigEndian(low, 32));
  return { text: encode(joined(bytes, signature)), signature };
}

const entry = (seat, name, revision = 1) => ({ booking_id: "0", standing: "current", own: true, name, last_four: "0023",
  seat, stop_id: null, party: null, party_size: 1, lap_children: 0, needs: "", revision, members: [] });

// {known, cases: [{text, answer}]}: what a phone knows of a practice trip, and five codes with what is to be done.
export async function practice(names) {
  const [pair, stranger] = [await makePair(), await makePair()];
  const good = await signed(pair, { serial: 11, departure: HERE, revision: 1, seat: 23 });
  const old = await signed(pair, { serial: 12, departure: HERE, revision: 1, seat: 8 });
  const elsewhere = await signed(pair, { serial: 13, departure: THERE, revision: 1, seat: 31 });
  const forged = await signed(stranger, { serial: 14, departure: HERE, revision: 1, seat: 9 });
  const list = { departure_id: HERE, version: 1, rows: [] };
  list.rows.push(await sealRow(list, good.signature, entry("23", names[0])),
    await sealRow(list, old.signature, { ...entry("14", names[1], 2), standing: "superseded" }));
  const leaves = new Date(Date.now() + 40 * 60_000).toISOString();
  const others = [{ departure_id: THERE, code: "2", bay: "7", departs_at: leaves, still_here: true, stop_id: null }];
  const known = { list, offset: 0, stop_id: null, scans: [], told: { items: [], asked: 0 },
    keys: new Map([[NUMBER, { key: pair.publicKey, revoked: false }]]),
    trip: { departure_id: HERE, sealed_at: null, stops: [], others } };
  return { known, cases: [
    { text: good.text, answer: "board" }, { text: old.text, answer: "board_anyway" },
    { text: elsewhere.text, answer: "send_away" }, { text: forged.text, answer: "send_away" },
    { text: good.text, answer: "compare", boarded: "11" }] };
}
