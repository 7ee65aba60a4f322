// Find somebody by name, pinyin or last digits; board by hand with a reason, undo, set down. Names only while open.

import { phone, stateOf } from "./known.js";
import * as names from "./names.js";
import { $, button, goHome, line, message, show, words } from "./page.js";
import { record } from "./recording.js";
import * as sync from "./sync.js";

const REASONS = ["card_checked", "phone_dead", "code_unreadable"];
const STATES = ["waiting", "boarded", "alighted", "denied", "no_show"];
let after = null; // what to show once the names are open

export const stopName = (id) => phone.known.trip.stops.find((one) => one.id === id)?.name ?? "";

// Show `next` with the names open; ask for PIN or card first where they are not.
export function withNames(next) {
  if (names.people()) return next();
  after = next;
  $("unlock-told").textContent = "";
  $("pin").value = "";
  $("unlock-card").hidden = !phone.known.people?.by_card;
  $("unlock-form").hidden = false;
  show("unlock");
  return undefined;
}

export function opened() {
  const next = after ?? (() => message(words("names_open"), words("names_open_text")));
  after = null;
  $("camera-hint").textContent = "";
  next();
}

async function tryPin(event) {
  event.preventDefault();
  const told = await names.openByPin($("pin").value);
  $("pin").value = "";
  if (told?.ok) return opened();
  $("unlock-told").textContent = told ? words(told.code, { left: told.left }) : words("unlock_offline");
  $("unlock-form").hidden = told?.code === "pin_locked";
  return undefined;
}

// {name, seat ...} as one line of text.
export function described(person) {
  const seat = words("seat", { seat: person.seat ?? "—" });
  const lap = person.lap_children ? ` · ${words("lap", { count: person.lap_children })}` : "";
  return `${person.name} ${person.last_four} · ${seat}${lap}`;
}

function listed(person) {
  const state = stateOf(phone.known, person.booking_id).state;
  const made = button("", () => showPerson(person), "person");
  made.append(line("b", described(person)), line("small", `${stopName(person.stop_id)} · ${words(`state_${state}`)}`));
  return made;
}

function search() {
  const found = names.find($("words-wanted").value);
  $("found").replaceChildren(...found.slice(0, 8).map(listed));
  if (!found.length && $("words-wanted").value.trim()) $("found").textContent = words("nobody");
  if (found.length > 8) $("found").append(line("p", words("more_found", { count: found.length - 8 })));
}

export function showSearch(hint = "") {
  $("found-hint").textContent = hint;
  $("words-wanted").value = "";
  $("found").replaceChildren();
  show("hand");
  $("words-wanted").focus();
}

function boardButtons(person) {
  const heads = 1 + person.lap_children;
  return REASONS.map((reason) => button(words(reason), async () => {
    await record({ kind: "board", booking: person.booking_id, by_hand: true, reason, heads });
    message(words("boarded_by_hand"), described(person));
  }, "go"));
}

function aboardButtons(person, found) {
  const heads = 1 + person.lap_children;
  return [
    button(words("undo_boarding"), async () => {
      await record({ kind: "undo", undoes: found.scan_id, booking: person.booking_id });
      message(words("undone"), described(person));
    }),
    button(words("alights_here"), async () => {
      await record({ kind: "alight", booking: person.booking_id, by_hand: true, heads, reason: "alights_here" });
      message(words("alighted"), described(person));
    }),
    button(words("set_down"), () => dispatchEvent(new CustomEvent("refuse", {
      detail: { booking: person.booking_id, by_hand: true, shown: "ok", aboard: true } })), "quiet")];
}

export function showPerson(person) {
  const found = stateOf(phone.known, person.booking_id);
  $("person-name").textContent = `${person.name} ${person.last_four}`;
  $("person-seat").textContent = words("seat", { seat: person.seat ?? "—" });
  const more = [stopName(person.stop_id), person.needs, person.lap_children
    ? words("lap", { count: person.lap_children }) : "", STATES.includes(found.state) ? words(`state_${found.state}`) : ""];
  $("person-more").textContent = more.filter(Boolean).join(" · ");
  const waits = found.state !== "boarded";
  $("person-reason").hidden = !waits;
  $("person-acts").replaceChildren(...(waits ? boardButtons(person) : aboardButtons(person, found)));
  if (waits) {
    $("person-acts").append(button(words("deny"), () => dispatchEvent(new CustomEvent("refuse", {
      detail: { booking: person.booking_id, by_hand: true, shown: "ok" } })), "quiet"));
  }
  show("person");
}

// Nothing with a name stays on a page whose list has closed.
export function forgetNames() {
  for (const id of ["found", "missing-list", "person-acts"]) $(id).replaceChildren();
  for (const id of ["person-name", "person-seat", "person-more", "found-hint"]) $(id).textContent = "";
  $("words-wanted").value = "";
  if (["hand", "person", "missing"].includes(document.body.dataset.part)) goHome();
}

async function setPin(event) {
  event.preventDefault();
  const told = await sync.setPin($("new-pin").value);
  $("new-pin").value = "";
  if (told === true) dispatchEvent(new Event("pin-set"));
  else $("pin-told").textContent = told || words("no_net");
}

document.querySelector("#unlock .back").addEventListener("click", () => (after = null));
$("unlock-form").addEventListener("submit", tryPin);
$("hand-form").addEventListener("submit", (event) => event.preventDefault());
$("words-wanted").addEventListener("input", search);
$("pin-form").addEventListener("submit", setPin);
addEventListener("names-closed", forgetNames);
