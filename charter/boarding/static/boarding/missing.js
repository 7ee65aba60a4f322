// Who has not come, on one screen: seat, stop, tap to call, what came of it, and the clock that ends the wait.

import { phone, now, stateOf } from "./known.js";
import { described, stopName } from "./finding.js";
import * as names from "./names.js";
import { $, button, clockTime, line, show, shown, words } from "./page.js";
import * as sync from "./sync.js";

const LATER = [5, 10, 20]; // minutes that somebody on the way may need

// The newest outcome of each person: of this phone's notes and of what the server told.
function outcomeOf(booking) {
  const own = phone.known.notes.filter((note) => note.kind === "call").flatMap((note) => note.body.calls);
  const all = [...(phone.known.trip.calls ?? []), ...own, ...sent].filter((call) => call.booking_id === booking);
  return all.sort((a, b) => Date.parse(b.at) - Date.parse(a.at))[0] ?? null;
}
const sent = []; // noted on this page; the server tells them back with the next contact

async function keep(person, outcome, minutes = null) {
  const at = new Date(now()).toISOString();
  const until = minutes === null ? null : new Date(now() + minutes * 60_000).toISOString();
  const call = { id: crypto.randomUUID(), booking_id: person.booking_id, outcome, at, until };
  sent.push(call);
  sync.note("{place}/calls", { calls: [call] }, "call");
  draw();
}

function told(call) {
  if (!call) return words("not_called");
  return words(call.outcome, { until: call.until ? clockTime(call.until) : "" });
}

function row(person) {
  const made = document.createElement("li");
  const call = outcomeOf(person.booking_id);
  made.append(line("b", described(person)), line("small", `${stopName(person.stop_id)} · ${told(call)}`));
  const acts = document.createElement("div");
  acts.className = "acts";
  if (person.phone) {
    const dial = line("a", words("dial"), "big go");
    dial.href = `tel:${person.phone}`;
    acts.append(dial);
  }
  acts.append(...LATER.map((minutes) => button(words("comes_at", { at: clockTime(now() + minutes * 60_000) }),
    () => keep(person, "on_the_way", minutes))));
  acts.append(button(words("not_coming"), () => keep(person, "not_coming")),
    button(words("no_answer"), () => keep(person, "no_answer")));
  made.append(acts);
  return made;
}

// Where the clock ends: the planned time at this stop and the campaign's waiting time after it.
export function waitsUntil() {
  const stop = phone.known.trip.stops.find((one) => one.id === phone.known.stop_id);
  const leaves = Date.parse(stop?.departs_at ?? phone.known.trip.departs_at);
  return leaves + (phone.known.trip.waiting_minutes ?? 0) * 60_000;
}

function tick() {
  if (!phone.known || shown() !== "missing") return;
  const left = Math.ceil((waitsUntil() - now()) / 1000);
  const minutes = Math.floor(Math.abs(left) / 60);
  const seconds = String(Math.abs(left) % 60).padStart(2, "0");
  $("wait-clock").textContent = left > 0
    ? words("wait_left", { left: `${minutes}:${seconds}`, at: clockTime(waitsUntil()) })
    : words("wait_over", { at: clockTime(waitsUntil()) });
  $("wait-clock").classList.toggle("over", left <= 0);
}

function draw() {
  const here = $("missing-stop").value;
  const missing = (names.people() ?? []).filter((person) => (!here || person.stop_id === here)
    && ["waiting", "no_show"].includes(stateOf(phone.known, person.booking_id).state));
  $("missing-title").textContent = words("missing_count", { count: missing.length });
  $("missing-list").replaceChildren(...missing.map(row));
  tick();
}

export function showMissing() {
  const every = new Option(words("all_stops"), "");
  $("missing-stop").replaceChildren(every, ...phone.known.trip.stops.map((stop) => new Option(stop.name, stop.id, false,
    stop.id === phone.known.stop_id)));
  show("missing");
  draw();
}

$("missing-stop").addEventListener("change", draw);
addEventListener("recorded", () => shown() === "missing" && draw());
setInterval(tick, 1000);
