// Runs config/boarding-vectors.json through the phone's modules; the list of differences must be empty.

import { importKey, readPass } from "/static/codec.js";
import { seatName } from "/static/seats.js";
import { boardedBefore, figures, fold } from "/static/states.js";
import { correct, doubtful } from "/static/times.js";
import { classify } from "/static/verdicts.js";

const bytes = (hex) => new Uint8Array(hex.match(/../g).map((pair) => parseInt(pair, 16)));
const ms = (text) => (text === null || text === undefined ? null : Date.parse(text));

function same(a, b) {
  const tidy = (value) => JSON.stringify(value, (_, inner) =>
    inner && typeof inner === "object" && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([x], [y]) => (x < y ? -1 : 1))) : inner);
  return tidy(a) === tidy(b);
}

async function passes(vectors, report) {
  const keys = new Map();
  for (const key of vectors.keys) {
    keys.set(key.number, { key: await importKey([...bytes(key.x), ...bytes(key.y)]), revoked: key.revoked });
  }
  for (const { name, pass, code, claims } of vectors.passes) {
    const found = await readPass(pass, keys);
    report(`pass: ${name}`, [found.refused, code ? null : found.claims], [code, claims]);
  }
}

function verdicts(vectors, report) {
  for (const { name, facts, answer } of vectors.verdicts) {
    const moments = Object.fromEntries(["at", "valid_from", "valid_until", "sealed_at"].map((key) => [key, ms(facts[key])]));
    report(`verdict: ${name}`, classify({ ...facts, ...moments }), answer);
  }
}

function times(vectors, report) {
  for (const one of vectors.times) {
    const corrected = correct(ms(one.scanned_at), ms(one.received), ms(one.device_time));
    report(`time: ${one.name}`, [corrected, doubtful(corrected, ms(one.received), ms(one.opened))],
      [ms(one.corrected), one.doubtful]);
  }
}

function states(vectors, report) {
  for (const one of vectors.states) {
    const scans = one.scans.map((scan) => ({ ...scan, at: ms(scan.at) }));
    const found = fold(scans, { sealed: one.sealed, bookings: Object.keys(one.heads) });
    const short = Object.fromEntries(Object.entries(found.states).map(([booking, state]) =>
      [booking, [state.state, state.scan_id, state.by_hand]]));
    const conflicts = Object.fromEntries(found.conflicts.map(({ booking, scan_ids }) => [booking, scan_ids]));
    report(`state: ${one.name}`, [short, conflicts, figures(found.states, one.heads)],
      [one.states, one.conflicts, one.figures]);
  }
  const back = vectors.states.find((one) => one.name === "alighted and back").scans.map((scan) => ({ ...scan, at: ms(scan.at) }));
  const minute = (number) => Date.parse("2027-02-11T22:00:00Z") + number * 60000;
  report("boarded before", [0, 1, 4, 5, 8, 9, 30].map((at) => boardedBefore(back, minute(at))?.scan_id ?? null),
    [null, "a", "a", null, null, "c", "c"]);
}

window.runVectors = async (vectors) => {
  const wrong = [];
  let count = 0;
  const report = (name, found, expected) => {
    count += 1;
    if (!same(found, expected)) wrong.push({ name, found: JSON.stringify(found), expected: JSON.stringify(expected) });
  };
  await passes(vectors, report);
  verdicts(vectors, report);
  times(vectors, report);
  states(vectors, report);
  for (const { number, name } of vectors.seats) report(`seat ${number}`, seatName(number), name);
  return { count, wrong };
};
