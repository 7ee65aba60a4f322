// What this phone knows: its trip, sealed list, keys, states as the server told them and scans of its own since.

import * as store from "./store.js";
import { turnedAway } from "./evidence.js";
import { importKeys } from "./judging.js";

export const phone = { known: null, contact: "offline" };

const inOrder = (a, b) => a.at - b.at || (a.scan_id < b.scan_id ? -1 : 1);

// Read everything from the phone's store; false where there is no list, or the trip is over and was forgotten.
export async function load() {
  const [trip, list, state, offset, stop, people] = await Promise.all(
    ["trip", "list", "state", "offset", "stop", "people"].map((key) => store.get(key)));
  if (!trip || !list) return false;
  if (Date.parse(trip.not_after) < Date.now() + (offset ?? 0)) {
    await store.forget();
    phone.known = null;
    return false;
  }
  const [keys, notes] = [await importKeys(trip.keys), await store.notes()];
  const scans = await store.scans(); // last: what is recorded meanwhile must not be missing
  phone.known = { trip, list, keys, people, scans, notes, told: state ?? { items: [], asked: 0 }, offset: offset ?? 0,
    stop_id: phone.known?.stop_id ?? stop ?? trip.stops[0]?.id ?? null };
  return true;
}

// The phone's clock, corrected.
export const now = (known = phone.known) => Date.now() + (known?.offset ?? 0);

// Scans of this phone that the server's last word does not know yet, without what they took back.
function since(known, booking) {
  const fresh = known.scans.filter((scan) => scan.counts && (!scan.sent || scan.sent_at >= known.told.asked));
  const undone = new Set(fresh.filter((scan) => scan.kind === "undo").map((scan) => scan.undoes));
  return { undone, scans: fresh.filter((scan) => scan.booking === booking && scan.kind !== "undo"
    && !undone.has(scan.scan_id) && !turnedAway(scan)).sort(inOrder) };
}

// {state, scan_id} of a booking: the server's last word and what was scanned here since.
export function stateOf(known, booking) {
  const told = known.told.items.find((item) => item.booking_id === booking);
  const { undone, scans } = since(known, booking);
  let found = { state: told?.state ?? "waiting", scan_id: told?.scan_id ?? null };
  if (found.scan_id && undone.has(found.scan_id)) found = { state: "waiting", scan_id: null };
  for (const scan of scans) {
    if (scan.kind === "board" && found.state !== "boarded") found = { state: "boarded", scan_id: scan.scan_id };
    if (scan.kind === "alight" && found.state === "boarded") found = { state: "alighted", scan_id: scan.scan_id };
    if (scan.kind === "deny") found = { state: "denied", scan_id: scan.scan_id };
  }
  return found;
}

// The boarding of a booking that stands now, as the table of rules wants it, or null.
export function boardedNow(known, booking) {
  const found = stateOf(known, booking);
  if (found.state !== "boarded") return null;
  const own = known.scans.find((scan) => scan.scan_id === found.scan_id);
  return { scan_id: found.scan_id, at: own ? new Date(own.at).toISOString() : null, stop_id: own?.stop_id ?? null,
    device: own ? "here" : "other" };
}

// Everybody that the list or a scan of this phone names.
export function bookings(known) {
  return [...new Set([...known.told.items.map((item) => item.booking_id),
    ...known.scans.filter((scan) => scan.counts && scan.kind === "board").map((scan) => scan.booking)])];
}

export const boardedCount = (known) =>
  bookings(known).filter((booking) => ["boarded", "alighted"].includes(stateOf(known, booking).state)).length;

// People of no list whom this phone let on, and whom the server has not heard of yet.
const walkedOn = (known) => known.notes.filter((note) => note.kind === "log")
  .flatMap((note) => note.body.entries).filter((entry) => entry.kind === "walk_on").length;

// Heads that must be on board now, lap children among them; the server's figures and what was scanned here since.
export function headsOnBoard(known) {
  const { told } = known;
  const base = (told.boarded_by_scan ?? 0) + (told.boarded_by_hand ?? 0) - (told.alighted ?? 0);
  const heads = (booking) => known.scans.find((scan) => scan.booking === booking && scan.heads)?.heads ?? 1;
  return bookings(known).reduce((sum, booking) => {
    const before = told.items.find((item) => item.booking_id === booking)?.state === "boarded";
    const after = stateOf(known, booking).state === "boarded";
    return sum + (Number(after) - Number(before)) * heads(booking);
  }, base + walkedOn(known));
}

export const unsent = (known) => known.scans.filter((scan) => !scan.sent);
