// Somebody on no list: let on only where the campaign's rule and a listed stop allow it; else the words to say.

import { enter } from "./log.js";
import { now, phone } from "./known.js";
import { $, clockTime, line, message, show, words } from "./page.js";
import { sealedText } from "./sealing.js";

const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

// Whether 18 letters are an identity number by their check character (GB 11643, ISO 7064 MOD 11-2).
export function idFits(number) {
  if (!/^\d{17}[\dX]$/.test(number)) return false;
  const sum = WEIGHTS.reduce((total, weight, at) => total + weight * Number(number[at]), 0);
  return "10X98765432"[sum % 11] === number[17];
}

// The next coaches at this stop and the hotline, for whom this coach may not take.
function slip() {
  const { known } = phone;
  const next = known.trip.others.filter((one) => one.still_here && one.stop_id === known.stop_id
    && Date.parse(one.departs_at) > now()).slice(0, 3);
  $("slip").replaceChildren(...next.map((one) => line("li", words("slip_line", { code: one.code, bay: one.bay || "—",
    leaves: clockTime(one.departs_at) }))));
  $("slip-none").hidden = next.length > 0;
  $("slip-hotline").textContent = known.trip.hotline;
  $("slip-hotline").href = `tel:${known.trip.hotline}`;
}

export function showUnlisted() {
  const { trip, stop_id } = phone.known;
  const may = Boolean(trip.walk_on) && trip.stops.some((stop) => stop.id === stop_id);
  $("walk-on-form").reset();
  $("walk-on-told").textContent = "";
  $("walk-on-form").hidden = !may;
  $("walk-on-no").hidden = may;
  slip();
  show("unlisted");
}

async function letOn(event) {
  event.preventDefault();
  const person = { name: $("walk-on-name").value.trim(), id_number: $("walk-on-id").value.trim().toUpperCase(),
    phone: $("walk-on-phone").value.trim(), employer: $("walk-on-employer").value.trim() };
  if (!idFits(person.id_number)) {
    $("walk-on-told").textContent = words("id_wrong");
    $("walk-on-id").focus();
    return;
  }
  await enter("walk_on", { stop_id: phone.known.stop_id, sealed: await sealedText(JSON.stringify(person)) });
  $("walk-on-form").reset();
  message(words("walked_on"), words("walked_on_text"));
}

$("walk-on-form").addEventListener("submit", letOn);
$("to-unlisted").addEventListener("click", showUnlisted);
