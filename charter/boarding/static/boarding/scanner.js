// The scanner page: ready check, camera, verdict over the whole screen, by hand, undo, count. Works with no network.

import { startCamera } from "./camera.js";
import { makeDecoder } from "./decoder.js";
import { importKeys, judge } from "./judging.js";
import { signal } from "./signal.js";
import * as store from "./store.js";
import * as sync from "./sync.js";

const WORDS = JSON.parse(document.getElementById("words").textContent);
const $ = (id) => document.getElementById(id);
const EVERY = 10_000; // ms between two contacts
let known = null;
let decode = null;
let shownVerdict = null;

const words = (key, values = {}) =>
  Object.entries(values).reduce((text, [name, value]) => text.replace(`%(${name})s`, value ?? "—"), WORDS[key] ?? key);

function show(name) {
  for (const part of document.querySelectorAll("main > section")) part.hidden = part.id !== name;
  $("video").dataset.held = name === "camera" ? "" : "1";
}

function message(title, text) {
  $("message-title").textContent = title;
  $("message-text").textContent = text;
  document.querySelector("#message .back").hidden = !known;
  show("message");
}

async function load() {
  const [trip, list, state, offset, stop] = await Promise.all(
    ["trip", "list", "state", "offset", "stop"].map((key) => store.get(key)));
  if (!trip || !list) return false;
  if (Date.parse(trip.not_after) < Date.now()) {
    await store.forget();
    return false;
  }
  known = { trip, list, keys: await importKeys(trip.keys), scans: await store.scans(), states: state?.items ?? [],
    expected: state?.expected ?? 0, offset: offset ?? 0, stop_id: stop ?? trip.stops[0]?.id ?? null };
  return true;
}

function boardedCount() {
  const undone = new Set(known.scans.map((scan) => scan.undoes).filter(Boolean));
  const told = known.states.filter((item) => item.state === "boarded" && !undone.has(item.scan_id))
    .map((item) => item.booking_id);
  const own = known.scans.filter((scan) => scan.kind === "board" && scan.counts && !undone.has(scan.scan_id))
    .map((scan) => scan.booking);
  return new Set([...told, ...own]).size;
}

function lights(contact) {
  const unsent = known.scans.filter((scan) => !scan.sent).length;
  $("trip").textContent = known.trip.code;
  $("counter").textContent = `${boardedCount()} / ${known.states.length}`;
  $("unsent").textContent = words("unsent", { count: unsent });
  $("unsent").classList.toggle("waits", unsent > 0);
  $("light-list").textContent = words("list_version", { version: known.list.version, rows: known.list.rows.length });
  $("light-keys").textContent = words("keys", { count: known.trip.keys.length });
  $("light-clock").textContent = words("clock", { seconds: Math.round(Math.abs(known.offset) / 1000) });
  $("light-net").textContent = words(contact);
  document.body.dataset.contact = contact;
}

async function contact() {
  const unsent = await sync.sendAll();
  const met = await sync.refresh();
  if (met === "revoked" && !unsent) {
    await store.forget();
    known = null;
    message(words("ended"), words("ended_text"));
    return;
  }
  if (await load()) lights(met === "revoked" ? "offline" : met);
}

async function record(scan) {
  const made = { scan_id: crypto.randomUUID(), departure_id: known.trip.departure_id, stop_id: known.stop_id,
    scanned_at: new Date().toISOString(), at: Date.now(), device: "here", by_hand: false, counts: true, sent: false,
    shown: "ok", ...scan };
  await store.keepScan(made);
  known.scans.push(made);
  lights(document.body.dataset.contact);
  sync.sendAll().then(async () => {
    if (known) known.scans = await store.scans();
    if (known) lights(document.body.dataset.contact);
  });
}

function detailText({ code, detail }) {
  if (code === "already_boarded") {
    return words("already_boarded_text", { at: detail.at ? new Date(detail.at).toLocaleTimeString("zh-CN") : "" });
  }
  if (code === "wrong_departure" && detail) {
    const leaves = new Date(detail.departs_at).toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit" });
    return words(detail.still_here ? "wrong_departure_text" : "wrong_departure_gone", { bay: detail.bay, leaves });
  }
  if (code === "superseded") return words("superseded_text", { seat: detail.seat });
  return words(`${code}_text`);
}

function showVerdict(found, text) {
  shownVerdict = { found, text };
  const { verdict, code, entry, seat } = found;
  document.body.dataset.verdict = verdict;
  $("mark").textContent = { go: "✓", look: "▲", stop: "✕" }[verdict];
  $("verdict-title").textContent = words(code);
  $("verdict-person").textContent = entry?.name ? `${entry.name} ${entry.last_four}` : "";
  $("verdict-seat").textContent = verdict === "stop" || !seat ? "" : words("seat", { seat });
  const extra = [entry?.party_size > 1 ? words("party", { count: entry.party_size }) : "",
    entry?.lap_children ? words("lap", { count: entry.lap_children }) : "", entry?.needs ?? ""];
  $("verdict-party").textContent = extra.filter(Boolean).join(" · ");
  $("verdict-text").textContent = detailText(found);
  $("confirm").hidden = verdict === "stop";
  $("deny").hidden = verdict === "stop";
  $("confirm").textContent = words(verdict === "go" ? "board" : "board_anyway");
  show("verdict");
  signal(verdict);
}

// The next frame forgets who was shown.
function back() {
  for (const id of ["verdict-person", "verdict-seat", "verdict-party", "verdict-text"]) $(id).textContent = "";
  $("found").replaceChildren();
  $("words-wanted").value = "";
  delete document.body.dataset.verdict;
  shownVerdict = null;
  show("camera");
}

async function decide(kind) {
  const { found, text } = shownVerdict;
  await record({ kind, pass: text, booking: found.claims.serial, shown: found.code });
  back();
}

export async function onText(text) {
  if (!known || shownVerdict) return;
  showVerdict(await judge(text, known), text);
}

async function undo() {
  const undone = new Set(known.scans.map((scan) => scan.undoes).filter(Boolean));
  const last = known.scans.filter((scan) => scan.kind === "board" && scan.counts && !undone.has(scan.scan_id))
    .sort((a, b) => b.at - a.at)[0];
  if (!last) return message(words("nothing"), words("nothing_text"));
  await record({ kind: "undo", undoes: last.scan_id, booking: last.booking });
  return message(words("undone"), words("undone_text"));
}

async function find(event) {
  event.preventDefault();
  const people = await sync.search($("words-wanted").value.trim()).catch(() => null);
  $("found").replaceChildren(...(people ?? []).map((person) => {
    const button = document.createElement("button");
    button.className = "big";
    button.textContent = `${person.name} ${person.last_four} · ${words("seat", { seat: person.seat ?? "—" })}`;
    button.addEventListener("click", async () => {
      await record({ kind: "board", booking: person.booking_id, by_hand: true, reason: words("by_hand_reason") });
      back();
    });
    return button;
  }));
  if (!people?.length) $("found").textContent = words(people ? "nobody" : "search_offline");
}

async function count(event) {
  event.preventDefault();
  const counted = Number($("counted").value);
  const kept = await sync.sendCount({ stop_id: known.stop_id, counted, reason: $("count-reason").value || null })
    .catch(() => null);
  if (!kept) return message(words("count_failed"), words("count_failed_text"));
  return message(words(kept.difference ? "count_differs" : "count_right"),
    words("count_text", { counted: kept.counted, expected: kept.expected }));
}

async function knownPicture() {
  const picture = $("known-picture");
  await picture.decode();
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 490;
  const context = canvas.getContext("2d");
  context.drawImage(picture, 0, 0, 490, 490);
  return { image: context.getImageData(0, 0, 490, 490), text: picture.dataset.text };
}

async function begin() {
  $("light-camera").textContent = words("camera_starting");
  decode ??= await makeDecoder(await knownPicture());
  const seen = await decode((await knownPicture()).image);
  const works = seen === $("known-picture").dataset.text && await startCamera($("video"), decode, onText);
  $("light-camera").textContent = words(works ? "camera_ready" : "camera_missing");
  show("camera");
}

function stops() {
  $("stop").replaceChildren(...known.trip.stops.map((stop) => new Option(stop.name, stop.id, false,
    stop.id === known.stop_id)));
  $("stop").addEventListener("change", async () => {
    known.stop_id = $("stop").value;
    await store.put("stop", known.stop_id);
  });
}

async function start() {
  if ("serviceWorker" in navigator) navigator.serviceWorker.register("/scan/worker.js", { scope: "/scan/" });
  const invitation = location.hash.slice(1);
  if (invitation) {
    history.replaceState(null, "", "/scan/");
    const joined = await sync.join(invitation, navigator.userAgent.slice(0, 60)).catch(() => null);
    if (!joined && !(await store.get("token"))) return message(words("spent"), words("spent_text"));
  }
  if (!(await store.get("token"))) return message(words("welcome"), words("welcome_text"));
  const met = await sync.refresh();
  if (!(await load())) return message(words(met === "offline" ? "no_net" : "ended"), words("no_net_text"));
  lights(met);
  stops();
  show("ready");
  setInterval(contact, EVERY);
  addEventListener("online", contact);
  return contact();
}

$("begin").addEventListener("click", begin);
$("confirm").addEventListener("click", () => decide("board"));
$("deny").addEventListener("click", () => decide("deny"));
for (const button of document.querySelectorAll(".back")) button.addEventListener("click", back);
$("to-hand").addEventListener("click", () => show("hand"));
$("to-count").addEventListener("click", () => show("count"));
$("undo").addEventListener("click", undo);
$("hand-form").addEventListener("submit", find);
$("count-form").addEventListener("submit", count);
start();
