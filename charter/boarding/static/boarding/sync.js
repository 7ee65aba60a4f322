// Talks to the server: joins, fetches list and states, sends unsent scans in batches. Every answer may be missing.

import * as store from "./store.js";

const LARGEST = 500;

async function ask(path, options = {}) {
  const token = await store.get("token");
  const headers = { ...(token ? { Authorization: `Bearer ${token}` } : {}), ...options.headers };
  if (options.body) headers["Content-Type"] = "application/json";
  return fetch(`/api/v1${path}`, { ...options, headers, cache: "no-store" });
}

// The departure's id, or null where the invitation was used already or has expired.
export async function join(invitation, name) {
  const answer = await ask("/scanners", { method: "POST", body: JSON.stringify({ invitation, name }) });
  if (!answer.ok) return null;
  const { token, departure_id } = await answer.json();
  await store.put("token", token);
  await store.put("departure", departure_id);
  return departure_id;
}

// Fetch what has changed. "online", "offline", or "revoked".
export async function refresh() {
  const departure = await store.get("departure");
  try {
    const before = Date.now();
    const trip = await ask(`/departures/${departure}/scanning`);
    if (trip.status === 401 || trip.status === 404) return "revoked";
    const told = await trip.json();
    await store.put("offset", Date.parse(told.server_time) - (before + Date.now()) / 2);
    await store.put("trip", told);
    const tag = await store.get("tag");
    const list = await ask(`/departures/${departure}/manifest`, { headers: tag ? { "If-None-Match": tag } : {} });
    if (list.status === 200) {
      await store.put("list", await list.json());
      await store.put("tag", list.headers.get("ETag"));
    }
    const state = await ask(`/departures/${departure}/boarding`);
    if (state.ok) await store.put("state", await state.json());
    return "online";
  } catch {
    return "offline";
  }
}

function asSent(scan) {
  const sent = { scan_id: scan.scan_id, departure_id: scan.departure_id, stop_id: scan.stop_id, kind: scan.kind,
    scanned_at: scan.scanned_at, shown: scan.shown };
  if (scan.pass) sent.pass = scan.pass;
  else if (scan.by_hand) sent.booking_id = scan.booking;
  if (scan.undoes) sent.undoes = scan.undoes;
  if (scan.reason) sent.reason = scan.reason;
  return sent;
}

// Send what waits; how many are still unsent. The pass text goes once its scan has been taken.
export async function sendAll() {
  const waiting = (await store.scans()).filter((scan) => !scan.sent).sort((a, b) => a.at - b.at);
  for (let at = 0; at < waiting.length; at += LARGEST) {
    const batch = waiting.slice(at, at + LARGEST);
    let answers;
    try {
      const body = JSON.stringify({ device_time: new Date().toISOString(), scans: batch.map(asSent) });
      const answer = await ask("/scans", { method: "POST", body });
      if (!answer.ok) return waiting.length - at;
      answers = await answer.json();
    } catch {
      return waiting.length - at;
    }
    for (const [index, scan] of batch.entries()) {
      const { verdict, code } = answers[index];
      const { pass, ...kept } = scan;
      await store.keepScan({ ...kept, sent: true, counts: verdict !== "stop", answered: code });
    }
  }
  return 0;
}

export async function search(words) {
  const answer = await ask(`/departures/${await store.get("departure")}/search`,
    { method: "POST", body: JSON.stringify({ words }) });
  return answer.ok ? (await answer.json()).items : [];
}

export async function sendCount(count) {
  const path = `/departures/${await store.get("departure")}`;
  const answer = await ask(`${path}/counts`, { method: "POST", body: JSON.stringify(count) });
  return answer.ok ? answer.json() : null;
}
