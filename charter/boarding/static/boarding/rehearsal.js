// A rehearsal of five codes with the phone's own camera reader and rules; works with the network off, sends nothing.

import { judge } from "./judging.js";
import { $, button, clockTime, message, show, words } from "./page.js";
import { practice } from "./practice.js";
import { draw } from "./qr.js";
import { signal } from "./signal.js";
import * as store from "./store.js";

const MARKS = { go: "✓", look: "▲", stop: "✕" };
const CHOICES = ["board", "board_anyway", "compare", "send_away"];
let run = null; // {known, cases, at, decode}

function told({ code, detail }) {
  if (code === "superseded") return words("superseded_text", { seat: detail.seat });
  if (code === "wrong_departure") {
    return words("wrong_departure_text", { bay: detail.bay, leaves: clockTime(detail.departs_at) });
  }
  if (code === "already_boarded") return words("already_boarded_text", { at: clockTime(detail.at) });
  return words(`${code}_text`);
}

async function present() {
  const { text, boarded } = run.cases[run.at];
  if (boarded) {
    run.known.scans.push({ scan_id: "first", booking: boarded, kind: "board", counts: true, sent: false,
      at: Date.now() - 60_000, stop_id: null });
  }
  $("practice-title").textContent = words("practice_step", { at: run.at + 1, total: run.cases.length });
  const canvas = draw(text, $("practice-code"), 5);
  const frame = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  const found = await judge(await run.decode(frame), run.known);
  $("practice-verdict").dataset.verdict = found.verdict;
  $("practice-verdict").textContent = `${MARKS[found.verdict]} ${words(found.code)}`;
  $("practice-person").textContent = found.entry?.name
    ? `${found.entry.name} ${found.entry.last_four} · ${words("seat", { seat: found.seat })}` : "";
  $("practice-text").textContent = told(found);
  $("practice-told").textContent = "";
  signal(found.verdict);
}

async function answer(choice) {
  if (choice !== run.cases[run.at].answer) {
    $("practice-told").textContent = words("practice_wrong");
    return;
  }
  run.at += 1;
  if (run.at < run.cases.length) {
    await present();
    return;
  }
  run = null;
  await store.put("rehearsed", true);
  dispatchEvent(new Event("rehearsed"));
  message(words("practice_done"), words("practice_done_text"));
}

// Begin with the reader that the camera uses.
export async function showRehearsal(decode) {
  run = { ...(await practice([words("practice_name_1"), words("practice_name_2")])), at: 0, decode };
  $("practice-choices").replaceChildren(...CHOICES.map((choice) => button(words(`practice_${choice}`), () => answer(choice))));
  show("rehearsal");
  await present();
}
