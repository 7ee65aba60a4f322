// The five lights before departure: list, keys, clock, unsent scans, camera. Green or amber, each with its words.

import { boardedCount, phone, unsent } from "./known.js";
import { $, words } from "./page.js";

const CLOCK_OFF = 120_000; // ms; corrected anyway, but a phone this wrong shows wrong times to its volunteer

function light(id, good, text) {
  $(id).textContent = text;
  $(id).dataset.light = good ? "go" : "look";
}

export function cameraLight(state) {
  light("light-camera", state === "ready", words(`camera_${state}`));
}

export function rehearsalLight(done) {
  light("light-rehearsal", done, words(done ? "rehearsed" : "not_rehearsed"));
}

export function listIsOld(known) {
  return known.list.version < (known.trip.list_version ?? 0);
}

// Fill the lights and the header from what the phone knows now.
export function lights() {
  const { known, contact } = phone;
  const waiting = unsent(known).length + known.notes.length;
  $("trip").textContent = known.trip.code;
  $("counter").textContent = `${boardedCount(known)} / ${known.told.items.length}`;
  $("unsent").textContent = words("unsent", { count: unsent(known).length });
  $("unsent").classList.toggle("waits", waiting > 0);
  const old = listIsOld(known);
  light("light-list", !old, words(old ? "list_old" : "list_version",
    { version: known.list.version, rows: known.list.rows.length, newest: known.trip.list_version }));
  light("light-keys", known.trip.keys.length > 0, words("keys", { count: known.trip.keys.length }));
  const off = Math.round(Math.abs(known.offset) / 1000);
  light("light-clock", Math.abs(known.offset) < CLOCK_OFF, words("clock", { seconds: off }));
  light("light-unsent", unsent(known).length === 0, words("unsent_light", { count: unsent(known).length }));
  light("light-net", contact === "online", words(contact));
  $("old-list").hidden = !old;
  document.body.dataset.contact = contact;
}
