// The verdict over the whole screen: who it is, his party to tick, and the one thing to do.

import { phone, stateOf } from "./known.js";
import { $, button, clockTime, goHome, line, show, shown, words } from "./page.js";
import { record } from "./recording.js";
import { signal } from "./signal.js";

const MARKS = { go: "✓", look: "▲", stop: "✕" };
let current = null;

const ABOARD = ["boarded", "alighted"];
const headsOf = (person) => 1 + (person.lap_children ?? 0);

// Who of a party this scan is still about: who is not on board yet, or at a gate who still is.
const done = (person) => (current.kind === "alight" ? person.state !== "boarded" : ABOARD.includes(person.state));

// The scanned person first, then who rides with him; each with its state now.
function partyOf({ entry, claims }) {
  if (!entry?.name) return [];
  const all = [{ ...entry, booking_id: claims.serial, scanned: true }, ...(entry.members ?? [])];
  return all.map((person) => ({ ...person, ...stateOf(phone.known, person.booking_id) }));
}

function wayThere({ detail }) {
  if (!detail) return words("wrong_departure_unknown");
  const told = { bay: detail.bay || "—", leaves: clockTime(detail.departs_at) };
  const coach = detail.code ? words("there_coach", { code: detail.code }) : "";
  const seat = detail.seat ? words("there_seat", { seat: detail.seat }) : "";
  return words(detail.still_here ? "wrong_departure_text" : "wrong_departure_gone", told) + coach + seat;
}

function advice(found) {
  const { code, detail } = found;
  if (code === "already_boarded") {
    return words("already_boarded_text", { at: detail.at ? clockTime(detail.at) : words("other_phone") });
  }
  if (code === "wrong_departure") return wayThere(found);
  if (code === "superseded") return words("superseded_text", { seat: detail.seat ?? "—" });
  if (code === "wrong_stop") {
    const stop = phone.known.trip.stops.find((one) => one.id === found.entry?.stop_id);
    return words("wrong_stop_text", { stop: stop?.name ?? "—" });
  }
  return words(`${code}_text`);
}

function ticked() {
  const chosen = [...$("party").querySelectorAll("input:checked")].map((box) => box.value);
  return current.party.filter((person) => chosen.includes(person.booking_id));
}

function labelConfirm() {
  if (!current) return;
  const people = ticked();
  const heads = people.reduce((sum, person) => sum + headsOf(person), 0);
  const off = current.kind === "alight";
  const text = off ? "get_off" : current.found.verdict === "go" ? "board" : "board_anyway";
  const some = off ? "get_off_some" : "board_some";
  $("confirm").textContent = current.party.length > 1 ? words(some, { count: heads }) : words(text);
  $("confirm").disabled = current.party.length > 1 && !people.length;
  $("party-all").hidden = !$("party").querySelector("input:not(:checked):not(:disabled)");
}

function partyLine(person) {
  const made = document.createElement("label");
  const box = document.createElement("input");
  box.type = "checkbox";
  box.value = person.booking_id;
  const over = done(person);
  box.checked = person.scanned && !over;
  box.disabled = over;
  box.addEventListener("change", labelConfirm);
  const lap = person.lap_children ? ` ${words("lap", { count: person.lap_children })}` : "";
  const seat = person.seat ? ` · ${words("seat", { seat: person.seat })}` : "";
  const state = over ? ` · ${words(`state_${person.state}`)}` : "";
  made.append(box, line("span", `${person.name} ${person.last_four}${seat}${lap}${state}`));
  return made;
}

function showParty(party) {
  $("party-block").hidden = party.length < 2;
  $("party").replaceChildren(...(party.length > 1 ? party.map(partyLine) : []));
  if (party.length < 2) return;
  const there = party.filter((person) => ABOARD.includes(person.state)).length;
  $("party-title").textContent = words("party", { count: party.length, there });
}

function showPerson({ verdict, code, detail, entry, seat }) {
  $("verdict-person").textContent = entry?.name ? `${entry.name} ${entry.last_four}` : "";
  const there = code === "wrong_departure" && detail ? `${detail.bay || "—"} · ${clockTime(detail.departs_at)}` : "";
  $("verdict-seat").textContent = there || (verdict === "stop" || !seat ? "" : words("seat", { seat }));
  const lap = entry?.lap_children ? words("lap", { count: entry.lap_children }) : "";
  $("verdict-more").textContent = [lap, entry?.needs ?? ""].filter(Boolean).join(" · ");
  $("verdict-title").textContent = words(code === "not_on_manifest" && verdict === "look" ? "newer" : code);
}

function showChoices({ verdict, code }) {
  const twice = code === "already_boarded";
  const others = current.party.some((person) => !person.scanned && !done(person));
  $("confirm").hidden = verdict === "stop" || (twice && !others);
  $("deny").hidden = verdict === "stop" || twice || current.kind === "alight";
  $("twice").hidden = !twice;
  labelConfirm();
}

// `kind` is board, or alight where people get off.
export function showVerdict(found, text, kind = "board") {
  current = { found, text, kind, party: partyOf(found) };
  const { party } = current;
  document.body.dataset.verdict = found.verdict;
  $("mark").textContent = MARKS[found.verdict];
  showPerson(found);
  showParty(party);
  $("verdict-text").textContent = advice(found);
  showChoices(found);
  show("verdict");
  document.body.dataset.verdict = found.verdict;
  signal(found.verdict);
}

export const busy = () => current !== null || shown() !== "camera";

// The next frame forgets who was shown.
export function back() {
  for (const id of ["verdict-person", "verdict-seat", "verdict-more", "verdict-text"]) $(id).textContent = "";
  $("party").replaceChildren();
  $("camera-hint").textContent = "";
  current = null;
  goHome();
}

async function board() {
  const { found, text, kind, party } = current;
  const alone = { booking_id: found.claims.serial, scanned: true, lap_children: found.entry?.lap_children
    ?? Number(found.claims.lap_child) };
  const chosen = party.length > 1 ? ticked() : [alone];
  const reason = found.code === "ok" ? undefined : "card_checked";
  current = null; // a second tap decides nothing
  await record(...chosen.map((person) => (person.scanned
    ? { kind, pass: text, booking: person.booking_id, shown: found.code, reason, heads: headsOf(person) }
    : { kind, booking: person.booking_id, by_hand: true, reason: "party", heads: headsOf(person) })));
  back();
}

// The code has boarded already; what the volunteer saw is the case's first evidence.
async function twice(answer) {
  const { found, text } = current;
  const seen = { booking: found.claims.serial, pass: text, shown: "already_boarded", reason: answer };
  current = null;
  if (answer === "earlier_wrong") {
    await record({ kind: "undo", undoes: found.first_scan, booking: seen.booking, reason: answer,
      shown: "already_boarded" }, { ...seen, kind: "board" });
    back();
    dispatchEvent(new Event("look-up-stranger"));
    return;
  }
  await record({ ...seen, kind: answer === "turned_away" ? "deny" : "board" });
  back();
}

async function deny() {
  const { found, text } = current;
  back();
  dispatchEvent(new CustomEvent("refuse", { detail: { booking: found.claims.serial, pass: text, shown: found.code } }));
}

$("confirm").addEventListener("click", () => current && board());
$("deny").addEventListener("click", () => current && deny());
$("party-all").addEventListener("click", () => {
  for (const box of $("party").querySelectorAll("input:not(:disabled)")) box.checked = true;
  labelConfirm();
});
$("twice").append(...["same_person", "earlier_wrong", "turned_away"].map((answer) =>
  button(words(answer), () => current && twice(answer))));
