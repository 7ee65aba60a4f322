// Talks to the server: joins, fetches list and states, sends what waits. Every answer may be missing.

import * as device from "./device.js";
import * as store from "./store.js";

const LARGEST = 500;

async function headersOf(path, options) {
  const [token, pair, offset] = await Promise.all(["token", "pair", "offset"].map((key) => store.get(key)));
  const headers = { ...options.headers };
  if (options.body) headers["Content-Type"] = "application/json";
  if (token) headers.Authorization = `Bearer ${token}`;
  if (token && pair) {
    const time = Date.now() + (offset ?? 0);
    headers["X-Device-Proof"] = await device.proof(pair, options.method ?? "GET", path, options.body, time);
  }
  return headers;
}

// One request, signed; where the phone's clock has jumped, its offset is measured again and the request repeated.
async function ask(short, options = {}) {
  const path = `/api/v1${short}`;
  const send = async () => fetch(path, { ...options, headers: await headersOf(path, options), cache: "no-store" });
  const answer = await send();
  if (answer.status !== 401) return answer;
  const told = await answer.clone().json().catch(() => ({}));
  if (told.code !== "device_proof" || !told.server_time) return answer;
  await store.put("offset", Date.parse(told.server_time) - Date.now());
  return send();
}

const post = (path, body, headers) => ask(path, { method: "POST", body: JSON.stringify(body), headers });
const place = async () => `/departures/${await store.get("departure")}`;

// The departure's id, or null where the invitation was used already or has expired.
export async function join(invitation, name) {
  const pair = await device.makePair();
  const answer = await fetch("/api/v1/scanners", { method: "POST", cache: "no-store",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ invitation, name, key: await device.pointOf(pair) }) });
  if (!answer.ok) return null;
  const told = await answer.json();
  await store.forget();
  await store.put("pair", pair);
  await store.put("offset", Date.parse(told.server_time) - Date.now());
  await store.put("device", told.device_id);
  await store.put("token", told.token);
  await store.put("departure", told.departure_id);
  return told.departure_id;
}

async function refreshList(departure) {
  const tag = await store.get("tag");
  const list = await ask(`/departures/${departure}/manifest`, { headers: tag ? { "If-None-Match": tag } : {} });
  if (list.status !== 200) return;
  await store.put("list", await list.json());
  await store.put("tag", list.headers.get("ETag"));
}

async function refreshPeople(departure, version, openVersion) {
  const kept = await store.get("people");
  if (kept && kept.version === version) return;
  const older = openVersion === null ? "" : `?before=${openVersion}`;
  const answer = await ask(`/departures/${departure}/people${older}`);
  if (answer.ok) await store.put("people", await answer.json());
}

// Fetch what has changed. "online", "offline", or "revoked". `openVersion`: of the list for search, null where closed.
export async function refresh(openVersion = null) {
  const departure = await store.get("departure");
  try {
    const before = Date.now();
    const trip = await ask(`/departures/${departure}/scanning`);
    if (trip.status === 401 || trip.status === 404) {
      return (await trip.json()).code === "device_proof" ? "offline" : "revoked";
    }
    if (!trip.ok) return "offline";
    const told = await trip.json();
    await store.put("offset", Date.parse(told.server_time) - (before + Date.now()) / 2);
    await store.put("trip", told);
    await refreshList(departure);
    await refreshPeople(departure, told.list_version, openVersion);
    const asked = Date.now();
    const state = await ask(`/departures/${departure}/boarding`);
    if (state.ok) await store.put("state", { ...(await state.json()), asked });
    return "online";
  } catch {
    return "offline";
  }
}

// What the server knows of the trip's log, other phones' lines too; the phone keeps it. Missing without a network.
export async function readLog() {
  const answer = await ask(`${await place()}/log`).catch(() => null);
  if (!answer?.ok) return;
  const { items } = await answer.json();
  await store.put("told_log", items.map(({ details, ...entry }) => ({ ...entry, ...details })));
}

export function asSent(scan) {
  const sent = { scan_id: scan.scan_id, departure_id: scan.departure_id, stop_id: scan.stop_id, kind: scan.kind,
    scanned_at: scan.scanned_at, shown: scan.shown };
  if (scan.pass) sent.pass = scan.pass;
  else if (scan.by_hand) sent.booking_id = scan.booking;
  if (scan.undoes) sent.undoes = scan.undoes;
  if (scan.reason) sent.reason = scan.reason;
  return sent;
}

// The pass text goes once its scan has been taken.
async function keepAnswer(scan, { verdict, code }) {
  const { pass, ...kept } = scan;
  await store.keepScan({ ...kept, sent: true, sent_at: Date.now(), counts: verdict !== "stop", answered: code });
}

async function sendScans() {
  const waiting = (await store.scans()).filter((scan) => !scan.sent).sort((a, b) => a.at - b.at);
  for (let at = 0; at < waiting.length; at += LARGEST) {
    const batch = waiting.slice(at, at + LARGEST);
    const answer = await post("/scans", { device_time: new Date().toISOString(), scans: batch.map(asSent) });
    if (!answer.ok) return waiting.length - at;
    for (const [index, told] of (await answer.json()).entries()) await keepAnswer(batch[index], told);
  }
  return 0;
}

// What is no scan: counts, calls, the trip's log, other phones' bundles. Refused for good is dropped and told.
async function sendNotes() {
  for (const note of (await store.notes()).sort((a, b) => a.at - b.at)) {
    const path = note.path.replace("{place}", await place());
    const body = note.timed ? { ...note.body, device_time: new Date().toISOString() } : note.body;
    const answer = await post(path, body, { "Idempotency-Key": note.id });
    if ([401, 408, 429].includes(answer.status) || answer.status >= 500) return;
    await store.dropNote(note.id);
    const told = await answer.json().catch(() => null);
    dispatchEvent(new CustomEvent("note-answered", { detail: { note, ok: answer.ok, told } }));
  }
}

let sending = null;

// Send what waits; how many scans are still unsent. Two calls at a time are one.
export function sendAll() {
  sending ??= (async () => {
    try {
      const left = await sendScans();
      if (!left) await sendNotes();
      return left;
    } catch {
      return (await store.scans()).filter((scan) => !scan.sent).length;
    } finally {
      sending = null;
    }
  })();
  return sending;
}

// Queue what is no scan; it goes out after the scans that were made before it. `timed`: with the clock as it is sent.
// Nobody waits for the network: the screen goes on as soon as the phone has kept it.
export async function note(path, body, kind, timed = false) {
  await store.keepNote({ id: crypto.randomUUID(), path, body, kind, timed, at: Date.now() });
  sendAll();
}

// {ok, code, key, left}; null without a network.
export async function unlock(pin, version) {
  const answer = await post(`${await place()}/unlock`, { pin, version }).catch(() => null);
  return answer && { ok: answer.ok, ...(await answer.json()) };
}

// True where the PIN was taken; else what the server says.
export async function setPin(pin) {
  const answer = await post(`${await place()}/pin`, { pin }).catch(() => null);
  if (!answer) return null;
  if (answer.ok) await store.put("pin_set", true);
  return answer.ok || ((await answer.json()).errors?.[0]?.message ?? "");
}
