// The scanner page: joins, gets ready, looks through the camera, and says what to do. Works with no network.

import { hasTorch, setTorch, startCamera } from "./camera.js";
import { showCount } from "./counting.js";
import { makeDecoder } from "./decoder.js";
import { opened, showSearch, withNames } from "./finding.js";
import { BUNDLE, showHandover, takePart } from "./handover.js";
import { judge } from "./judging.js";
import { load, phone } from "./known.js";
import { showMissing } from "./missing.js";
import * as names from "./names.js";
import { $, message, setHome, show, words } from "./page.js";
import { cameraLight, lights, rehearsalLight } from "./readiness.js";
import { undoLast } from "./recording.js";
import { showRefusing } from "./refusing.js";
import { showRehearsal } from "./rehearsal.js";
import { readySound } from "./signal.js";
import * as store from "./store.js";
import * as sync from "./sync.js";
import { back, busy, showVerdict } from "./verdict.js";
import "./walking_on.js";
import "./way.js";

const EVERY = 10_000; // ms between two contacts
let decode = null;
let track = null;
let lit = false;

async function contact() {
  const left = await sync.sendAll();
  const met = await sync.refresh(names.openVersion());
  if (met === "revoked" && !left) {
    names.close();
    await store.forget();
    phone.known = null;
    message(words("ended"), words("ended_text"), false);
    return;
  }
  phone.contact = met === "revoked" ? "offline" : met;
  if (await load()) lights();
  else names.close();
  await names.follow();
}

// What the camera has read. Marks stand around it for whoever measures how fast a verdict is.
export async function onText(text) {
  if (!phone.known) return;
  if (busy()) return;
  if (text.startsWith(names.CARD)) {
    await card(text);
    return;
  }
  if (text.startsWith(BUNDLE)) {
    await takePart(text);
    return;
  }
  performance.mark("decoded");
  const kind = atGate() ? "alight" : "board";
  const found = await judge(text, phone.known, kind);
  if (busy()) return;
  showVerdict(found, text, kind);
  requestAnimationFrame(() => setTimeout(() => performance.measure("verdict", "decoded")));
}

// At a stop where people only get off, a scan lets them off.
const atGate = () => (phone.known.trip.gates ?? []).some((gate) => gate.id === phone.known.stop_id);

async function card(text) {
  if (await names.openByCard(text)) opened();
  else message(words("card_wrong"), words("card_wrong_text"));
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

async function reader() {
  decode ??= await makeDecoder(await knownPicture());
  return decode;
}

async function begin() {
  readySound();
  if (!track) {
    cameraLight("starting");
    await reader();
    const works = (await decode((await knownPicture()).image)) === $("known-picture").dataset.text;
    track = works ? await startCamera($("video"), decode, onText) : null;
    cameraLight(track ? "ready" : "missing");
    $("torch").hidden = !hasTorch(track);
  }
  if (phone.known.trip && !(await store.get("stop"))) await store.put("stop", phone.known.stop_id);
  setHome("camera");
  show("camera");
}

async function undo() {
  const count = await undoLast();
  message(words(count ? "undone" : "nothing"), count ? words("undone_text", { count }) : words("nothing_text"));
}

async function torch() {
  lit = !lit;
  await setTorch(track, lit).catch(() => ($("torch").hidden = true));
  $("torch").setAttribute("aria-pressed", String(lit));
}

function stops() {
  const { known } = phone;
  $("stop").replaceChildren(...known.trip.stops.map((stop) => new Option(stop.name, stop.id, false,
    stop.id === known.stop_id)));
  $("stop").addEventListener("change", async () => {
    phone.known.stop_id = $("stop").value;
    await store.put("stop", phone.known.stop_id);
  });
}

// WeChat on an iPhone gives no page the camera; Safari does.
const inWeChatOnIphone = () => /MicroMessenger/.test(navigator.userAgent) && /iPhone|iPad/.test(navigator.userAgent);

async function enter(invitation) {
  const waiting = (await store.scans()).filter((scan) => !scan.sent).length ? await sync.sendAll() : 0;
  if (waiting) return message(words("send_first"), words("send_first_text", { count: waiting }), false);
  history.replaceState(null, "", "/scan/");
  const joined = await sync.join(invitation, navigator.userAgent.slice(0, 60)).catch(() => null);
  return joined || (await store.get("token")) ? null : message(words("spent"), words("spent_text"), false);
}

async function getReady() {
  const met = await sync.refresh();
  phone.contact = met === "revoked" ? "offline" : met;
  if (!(await load())) {
    message(words(met === "offline" ? "no_net" : "ended"), words(met === "offline" ? "no_net_text" : "ended_text"), false);
    return;
  }
  lights();
  stops();
  $("pin-block").hidden = Boolean(await store.get("pin_set"));
  rehearsalLight(Boolean(await store.get("rehearsed")));
  show("ready");
  setInterval(contact, EVERY);
  addEventListener("online", contact);
  await contact();
}

async function start() {
  if (inWeChatOnIphone()) return message(words("safari"), words("safari_text"), false);
  if ("serviceWorker" in navigator) navigator.serviceWorker.register("/scan/worker.js", { scope: "/scan/" });
  const invitation = location.hash.slice(1);
  if (invitation && (await enter(invitation)) !== null) return undefined;
  if (!(await store.get("token"))) return message(words("welcome"), words("welcome_text"), false);
  return getReady();
}

$("begin").addEventListener("click", begin);
for (const one of document.querySelectorAll(".back")) one.addEventListener("click", back);
addEventListener("refuse", ({ detail }) => showRefusing(detail));
$("to-hand").addEventListener("click", () => withNames(showSearch));
$("to-missing").addEventListener("click", () => withNames(showMissing));
$("to-handover").addEventListener("click", showHandover);
$("to-rehearsal").addEventListener("click", async () => showRehearsal(await reader()));
$("to-count").addEventListener("click", showCount);
$("to-more").addEventListener("click", () => show("more"));
$("to-ready").addEventListener("click", () => show("ready"));
$("undo").addEventListener("click", undo);
$("torch").addEventListener("click", torch);
$("unlock-card").addEventListener("click", () => {
  $("camera-hint").textContent = words("scan_card");
  show("camera");
});
addEventListener("recorded", () => phone.known && lights());
addEventListener("rehearsed", () => rehearsalLight(true));
addEventListener("pin-set", () => ($("pin-block").hidden = true));
addEventListener("look-up-stranger", () => withNames(() => showSearch(words("look_up_stranger"))));
addEventListener("note-answered", ({ detail: { note, ok, told } }) => {
  if (note.kind === "count" && ok && told.difference) message(words("count_differs"), words("count_text", told));
});
start();
