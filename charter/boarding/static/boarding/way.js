// On the way: stops, head counts that must balance before the coach goes on, rests, drivers, incidents. With no network.

import { headsOnBoard, now, phone } from "./known.js";
import { enter, log, wayNow } from "./log.js";
import { $, button, clockTime, line, message, show, shown, words } from "./page.js";
import * as store from "./store.js";
import * as sync from "./sync.js";

const INCIDENTS = ["breakdown", "accident", "illness", "quarrel", "delay", "other"];
const STANDING = ["goes_on", "stands", "needs_help"];
const NIGHT = [22, 6];
const LIMITS = { day: 240, night: 120 }; // minutes at the wheel in a row (safety rules of road carriers, article 38)

const places = () => [...phone.known.trip.stops, ...(phone.known.trip.gates ?? [])];
const placeOf = (id) => places().find((one) => one.id === id);
const isGate = (id) => (phone.known.trip.gates ?? []).some((one) => one.id === id);

function driving({ since, pause }) {
  if (!since || pause) return "";
  const minutes = Math.max(0, Math.floor((now() - Date.parse(since)) / 60_000));
  const hour = new Date(now()).getHours();
  const limit = hour >= NIGHT[0] || hour < NIGHT[1] ? LIMITS.night : LIMITS.day;
  $("way-driving").classList.toggle("over", minutes > limit - 15);
  const text = (count) => `${Math.floor(count / 60)}:${String(count % 60).padStart(2, "0")}`;
  return words("driving", { time: text(minutes), limit: text(limit) });
}

function standing({ pause }) {
  const place = placeOf(pause.stop_id);
  $("way-title").textContent = place ? words("at_stop", { stop: place.name, at: clockTime(pause.at) })
    : words("resting", { at: clockTime(pause.at) });
  $("way-gate").hidden = !isGate(pause.stop_id);
  $("way-expected").textContent = words("count_expected", { expected: headsOnBoard(phone.known) });
  $("way-form").hidden = false;
  $("way-acts").replaceChildren(button(words("driver_changed"), askDriver));
}

async function reach(place) {
  phone.known.stop_id = place.id;
  await store.put("stop", place.id);
  await enter("arrived_stop", { stop_id: place.id });
  showWay();
}

function goingOn({ left }) {
  $("way-title").textContent = words("on_the_road");
  $("way-form").hidden = $("way-gate").hidden = true;
  const ahead = places().filter((place) => !left.has(place.id)).map((place) => {
    const text = isGate(place.id) ? words("reach_gate", { stop: place.name })
      : words("reach_stop", { stop: place.name, at: clockTime(place.gather_at) });
    return button(text, () => reach(place), isGate(place.id) ? "" : "go");
  });
  $("way-acts").replaceChildren(...ahead, button(words("begin_rest"), async () => {
    await enter("rest_begun");
    showWay();
  }), button(words("driver_changed"), askDriver));
}

export async function showWay() {
  $("way-form").reset();
  $("way-reason-block").hidden = true;
  await draw();
  show("way");
  await sync.readLog();
  if (shown() === "way") await draw();
}

function told(entry) {
  const place = entry.stop_id ? ` ${placeOf(entry.stop_id)?.name ?? ""}` : "";
  const heads = entry.counted === undefined ? "" : ` ${words("heads", { count: entry.counted })}`;
  const what = entry.what ? `：${words(`incident_${entry.what}`)}，${entry.note ?? ""}` : "";
  return `${clockTime(entry.at)} ${words(`log_${entry.kind}`)}${place}${heads}${what}`;
}

async function draw() {
  const entries = await log();
  const way = wayNow(entries);
  (way.pause ? standing : goingOn)(way);
  $("way-driving").textContent = driving(way);
  $("way-log").replaceChildren(...entries.slice(-8).reverse().map((entry) => line("li", told(entry))));
}

// The coach goes on only when the count is what the scans say, or the difference has its reason.
async function goOn(event) {
  event.preventDefault();
  const counted = Number($("way-counted").value);
  const expected = headsOnBoard(phone.known);
  const reason = $("way-reason").value.trim();
  if (counted !== expected && !reason) {
    $("way-reason-block").hidden = false;
    $("way-told").textContent = words("count_text", { counted, expected });
    $("way-reason").focus();
    return;
  }
  const { pause } = wayNow(await log());
  const place = pause.stop_id ? { stop_id: pause.stop_id } : {};
  await enter("counted", { ...place, counted, ...(reason ? { reason } : {}) });
  await enter(pause.kind === "arrived_stop" ? "left_stop" : "rest_ended", place);
  await sync.note("{place}/counts", { stop_id: pause.stop_id ?? phone.known.stop_id, counted, reason: reason || null },
    "way-count");
  message(words("go_on"), words("count_text", { counted, expected }));
}

function askDriver() {
  $("driver-form").reset();
  show("driver-part");
}

async function changeDriver(event) {
  event.preventDefault();
  await enter("driver_changed", { driver: $("driver-name").value.trim() });
  message(words("noted"), words("driver_changed_text"));
}

// Three taps: something happened, what, and how the coach stands.
function incident() {
  $("incident-title").textContent = words("incident_ask");
  $("incident-choices").replaceChildren(...INCIDENTS.map((what) => button(words(`incident_${what}`), () => how(what))));
  show("incident");
}

function how(what) {
  $("incident-title").textContent = words(`incident_${what}`);
  $("incident-choices").replaceChildren(...STANDING.map((state) => button(words(state), async () => {
    await enter("incident", { what, note: words(state) });
    message(words("noted"), words("incident_text", { hotline: phone.known.trip.hotline }));
  })));
}

$("way-form").addEventListener("submit", goOn);
$("driver-form").addEventListener("submit", changeDriver);
$("to-way").addEventListener("click", showWay);
$("to-incident").addEventListener("click", incident);
setInterval(() => phone.known && shown() === "way" && draw(), 20_000);
