// Keep scans on this phone first, send them when there is a network.

import { phone } from "./known.js";
import * as store from "./store.js";
import * as sync from "./sync.js";

// Keep some scans as one group, which one undo takes back. Each: {kind, booking, pass?, by_hand?, reason?, ...}.
export async function record(...scans) {
  const { known } = phone;
  const group = crypto.randomUUID();
  for (const [step, scan] of scans.entries()) {
    const at = Date.now() + step; // in the order in which they were decided
    const made = { scan_id: crypto.randomUUID(), departure_id: known.trip.departure_id, stop_id: known.stop_id,
      scanned_at: new Date(at).toISOString(), at, group, by_hand: false, counts: true, sent: false, shown: "ok",
      heads: 1, ...scan };
    await store.keepScan(made);
    const kept = phone.known.scans; // a contact may have read everything anew while this one was written
    if (!kept.some((one) => one.scan_id === made.scan_id)) kept.push(made);
  }
  dispatchEvent(new Event("recorded"));
  sync.sendAll().then(async () => {
    const scans = await store.scans();
    if (!phone.known) return;
    phone.known.scans = scans;
    dispatchEvent(new Event("recorded"));
  });
}

// Take back what the last decision boarded; how many people that was.
export async function undoLast() {
  const { known } = phone;
  const undone = new Set(known.scans.map((scan) => scan.undoes).filter(Boolean));
  const standing = known.scans.filter((scan) => scan.kind === "board" && scan.counts && !undone.has(scan.scan_id));
  const last = standing.sort((a, b) => b.at - a.at)[0];
  if (!last) return 0;
  const group = standing.filter((scan) => (last.group ? scan.group === last.group : scan === last));
  await record(...group.map((scan) => ({ kind: "undo", undoes: scan.scan_id, booking: scan.booking })));
  return group.length;
}
