// What this phone knows of a scanned text, put to the table of rules. Works with no network.

import { fromBase64 } from "./bytes.js";
import { importKey, readPass, windowOf } from "./codec.js";
import { boardedNow } from "./known.js";
import { openRow } from "./manifest.js";
import { seatName } from "./seats.js";
import { classify } from "./verdicts.js";

export async function importKeys(listed) {
  const keys = new Map();
  for (const one of listed) {
    keys.set(one.number, { key: await importKey(fromBase64(one.point)), revoked: one.revoked });
  }
  return keys;
}

// Another departure of the day at this phone's stops: the one at its own stop first.
function elsewhere(known, claims, entry) {
  if (entry?.elsewhere) return entry.elsewhere;
  const there = known.trip.others.filter((found) => found.departure_id === claims.departure);
  const other = there.find((found) => found.stop_id === known.stop_id) ?? there[0];
  return other && { departure_id: other.departure_id, code: other.code, bay: other.bay, departs_at: other.departs_at,
    still_here: other.still_here, seat: seatName(claims.seat) };
}

// {verdict, code, detail, first_scan, entry, claims, seat}. `known` is as known.js makes it; `at` in ms by the phone.
export async function judge(textOfPass, known, kind = "board", at = Date.now()) {
  const { refused, claims, signature } = await readPass(textOfPass, known.keys);
  if (refused) return { ...classify({ refused }), entry: null, claims: null, seat: null };
  const entry = await openRow(known.list, signature);
  const { from, until } = windowOf(claims);
  const own = entry ? entry.own : claims.departure === known.trip.departure_id;
  const answer = classify({
    kind, at: at + known.offset, valid_from: from, valid_until: until, own_departure: own,
    elsewhere: own ? null : elsewhere(known, claims, entry) ?? null, standing: entry?.standing ?? "newer",
    revision_now: entry?.revision ?? null, seat_now: entry?.seat ?? null,
    sealed_at: known.trip.sealed_at ? Date.parse(known.trip.sealed_at) : null,
    boarded: boardedNow(known, claims.serial), stop_id: known.stop_id, booked_stop_id: entry?.stop_id ?? null,
  });
  return { ...answer, entry, claims, seat: entry?.seat ?? seatName(claims.seat) };
}
