// What this phone knows of a scanned text, put to the table of rules. Works with no network.

import { importKey, readPass, windowOf } from "./codec.js";
import { fromBase64, openRow } from "./manifest.js";
import { seatName } from "./seats.js";
import { boardedBefore } from "./states.js";
import { classify } from "./verdicts.js";

export async function importKeys(listed) {
  const keys = new Map();
  for (const one of listed) {
    keys.set(one.number, { key: await importKey(fromBase64(one.point)), revoked: one.revoked });
  }
  return keys;
}

function boardedHere(known, booking, at) {
  const own = known.scans.filter((scan) => scan.booking === booking && scan.counts);
  const first = boardedBefore(own, at);
  if (first) return { scan_id: first.scan_id, at: new Date(first.at).toISOString(), stop_id: first.stop_id, device: "here" };
  const told = known.states.find((item) => item.booking_id === booking && item.state === "boarded");
  const undone = told && known.scans.some((scan) => scan.undoes === told.scan_id);
  return told && !undone ? { scan_id: told.scan_id, at: null, stop_id: null, device: "other" } : null;
}

function elsewhere(known, claims, entry) {
  if (entry?.elsewhere) return entry.elsewhere;
  const other = known.trip.others.find((found) => found.departure_id === claims.departure);
  return other && { departure_id: other.departure_id, code: other.code, bay: other.bay, departs_at: other.departs_at,
    still_here: other.still_here };
}

// {verdict, code, detail, first_scan, entry, claims, seat}. `known` is {trip, list, keys, scans, states, stop_id}.
export async function judge(textOfPass, known, at = Date.now()) {
  const { refused, claims, signature } = await readPass(textOfPass, known.keys);
  if (refused) return { ...classify({ refused }), entry: null, claims: null, seat: null };
  const entry = await openRow(known.list, signature);
  const { from, until } = windowOf(claims);
  const own = entry ? entry.own : claims.departure === known.trip.departure_id;
  const answer = classify({
    kind: "board", at: at + known.offset, valid_from: from, valid_until: until, own_departure: own,
    elsewhere: own ? null : elsewhere(known, claims, entry) ?? null, standing: entry?.standing ?? "newer",
    revision_now: entry?.revision ?? null, seat_now: entry?.seat ?? null,
    sealed_at: known.trip.sealed_at ? Date.parse(known.trip.sealed_at) : null,
    boarded: boardedHere(known, claims.serial, at), stop_id: known.stop_id, booked_stop_id: entry?.stop_id ?? null,
  });
  return { ...answer, entry, claims, seat: entry?.seat ?? seatName(claims.seat) };
}
