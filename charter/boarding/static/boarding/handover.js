// Unsent scans handed to another phone as a row of QR codes or a file; sealed for the server, unreadable to the carrier.

import { decode, encode } from "./base45.js";
import { joined, toBase64, utf8 } from "./bytes.js";
import { sign } from "./device.js";
import { phone, unsent } from "./known.js";
import { $, message, show, shown, words } from "./page.js";
import { draw } from "./qr.js";
import { sealed } from "./sealing.js";
import * as store from "./store.js";
import * as sync from "./sync.js";

export const BUNDLE = "CHARTER-BUNDLE:";
const PART = 300; // letters in one code: 57 modules, which a cheap camera still reads off a screen
const EVERY = 600; // ms that each code stands

// Raw deflate behind a byte 1, where the browser has it: a third of the codes to read.
async function packed(text) {
  if (!("CompressionStream" in window)) return text;
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream("deflate-raw"));
  return joined([1], new Uint8Array(await new Response(stream).arrayBuffer()));
}

// The unsent scans as one text of base45; null without a key of this phone's own.
async function bundle() {
  const [pair, device] = [await store.get("pair"), await store.get("device")];
  if (!pair || !device) return null;
  const told = { device_id: device, offset_ms: Math.round(phone.known.offset), scans: unsent(phone.known).map(sync.asSent) };
  let text = await packed(utf8(JSON.stringify(told)));
  if (text.length % 2) text = joined(text, [32]); // base45 writes pairs of bytes
  const signature = await sign(pair, joined(utf8("charter-handover-v1\0"), text));
  return encode(await sealed(joined(signature, text)));
}

// The codes of a bundle, each with its number, so that they may be read in any order.
export function parts(text) {
  const total = Math.ceil(text.length / PART);
  const name = text.slice(-6).replaceAll(/[^0-9A-Z]/g, "0");
  return Array.from({ length: total }, (_, at) =>
    `${BUNDLE}${name}:${at + 1}/${total}:${text.slice(at * PART, (at + 1) * PART)}`);
}

export async function showHandover() {
  const waiting = unsent(phone.known).length;
  show("handover");
  $("handover-give").hidden = !waiting;
  $("handover-told").textContent = words(waiting ? "handover_give" : "handover_nothing", { count: waiting });
  const text = waiting ? await bundle() : null;
  if (!text) return;
  const link = $("handover-file");
  link.href = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
  link.download = `charter-${phone.known.trip.departure_id}.txt`;
  cycle(parts(text), 0);
}

function cycle(codes, at) {
  if (shown() !== "handover") return;
  draw(codes[at], $("handover-code"), 5);
  $("handover-step").textContent = words("handover_step", { at: at + 1, total: codes.length });
  if (codes.length > 1) setTimeout(cycle, EVERY, codes, (at + 1) % codes.length);
}

const taken = { name: null, parts: new Map() };

async function accept(text) {
  const bytes = decode(text.trim().replace(/\r?\n$/, ""));
  if (!bytes) return message(words("handover_bad"), words("handover_bad_text"));
  message(words("handover_taken"), words("handover_taken_text"));
  await sync.note("/handovers", { bundle: toBase64(bytes) }, "handover");
  phone.known.notes = await store.notes();
  return undefined;
}

// One code of another phone's row was read; the last one completes it.
export async function takePart(text) {
  const [, name, number, total, data] = text.slice(BUNDLE.length).match(/^([0-9A-Z]{6}):(\d+)\/(\d+):(.*)$/s) ?? [];
  if (!name) return;
  if (taken.name !== name) Object.assign(taken, { name, parts: new Map() });
  taken.parts.set(Number(number), data);
  $("camera-hint").textContent = words("handover_reading", { at: taken.parts.size, total });
  if (taken.parts.size < Number(total)) return;
  const whole = Array.from({ length: Number(total) }, (_, at) => taken.parts.get(at + 1) ?? "").join("");
  Object.assign(taken, { name: null, parts: new Map() });
  $("camera-hint").textContent = "";
  await accept(whole);
}

$("handover-take").addEventListener("change", async () => {
  const [file] = $("handover-take").files;
  $("handover-take").value = "";
  if (file) await accept(await file.text());
});
addEventListener("note-answered", ({ detail: { note, ok, told } }) => {
  if (note.kind === "handover") message(words(ok ? "handover_sent" : "handover_bad"), words(
    ok ? "handover_sent_text" : "handover_bad_text", { count: told?.answers?.length }));
});
