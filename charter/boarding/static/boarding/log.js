// The trip's log on this phone: every line is kept here and sent when there is a network. No passenger's name in it.

import { phone } from "./known.js";
import * as store from "./store.js";
import * as sync from "./sync.js";

// All lines of this departure that this phone knows, its own and those that the server told, the earliest first.
export async function log() {
  const [own, told] = await Promise.all(["log", "told_log"].map((key) => store.get(key)));
  const all = new Map([...(own ?? []), ...(told ?? [])].map((entry) => [entry.entry_id, entry]));
  return [...all.values()].sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
}

// Note a line; what names somebody from no list stands in it sealed, and only until it is sent.
export async function enter(kind, details = {}) {
  const entry = { entry_id: crypto.randomUUID(), kind, at: new Date().toISOString(), ...details };
  const { sealed, ...kept } = entry;
  await store.put("log", [...((await store.get("log")) ?? []), kept]);
  await sync.note("{place}/log", { entries: [entry] }, "log", true);
  phone.known.notes = await store.notes();
  dispatchEvent(new Event("recorded"));
}

// {pause: the line that began it, left: ids of stops left behind, since: when the present stretch at the wheel began}.
export function wayNow(entries) {
  const found = { pause: null, left: new Set(), since: null };
  for (const entry of entries) {
    if (["arrived_stop", "rest_begun"].includes(entry.kind)) found.pause = entry;
    if (["left_stop", "rest_ended"].includes(entry.kind)) {
      const long = found.pause && Date.parse(entry.at) - Date.parse(found.pause.at) >= 20 * 60_000;
      if (long || !found.since) found.since = entry.at; // a rest counts from 20 minutes
      if (entry.stop_id) found.left.add(entry.stop_id);
      found.pause = null;
    }
    if (entry.kind === "driver_changed") found.since = entry.at;
  }
  return found;
}
