// The head count at a stop; with no network it waits like a scan.

import { headsOnBoard, phone } from "./known.js";
import { $, message, show, words } from "./page.js";
import * as sync from "./sync.js";

export function showCount() {
  $("count-form").reset();
  $("count-expected").textContent = words("count_expected", { expected: headsOnBoard(phone.known) });
  $("count-reason-block").hidden = true;
  show("count");
}

async function submit(event) {
  event.preventDefault();
  const counted = Number($("counted").value);
  const expected = headsOnBoard(phone.known);
  const reason = $("count-reason").value.trim();
  if (counted !== expected && !reason) {
    $("count-reason-block").hidden = false;
    $("count-told").textContent = words("count_text", { counted, expected });
    $("count-reason").focus();
    return;
  }
  await sync.note("{place}/counts", { stop_id: phone.known.stop_id, counted, reason: reason || null }, "count");
  message(words(counted === expected ? "count_right" : "count_explained"), words("count_text", { counted, expected }));
}

$("count-form").addEventListener("submit", submit);
