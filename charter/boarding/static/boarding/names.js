// The list for search (level B), open in memory only: it goes with the page, when nobody uses it, and with the trip.

import { fromBase64 } from "./bytes.js";
import { decode } from "./base45.js";
import { derivedKey, openBox } from "./manifest.js";
import * as store from "./store.js";
import * as sync from "./sync.js";

const IDLE = 10 * 60_000;
const HIDDEN = 5 * 60_000;
export const CARD = "CHARTER-CARD:";

let open = null; // {version, key, people}
let timer = null;
let hiddenAt = null;

export const people = () => open?.people ?? null;
export const openVersion = () => open?.version ?? null;

export function close() {
  open = null;
  clearTimeout(timer);
  dispatchEvent(new Event("names-closed"));
}

function used() {
  if (!open) return;
  clearTimeout(timer);
  timer = setTimeout(close, IDLE);
}

for (const touch of ["pointerdown", "keydown"]) addEventListener(touch, used, { passive: true });
addEventListener("pagehide", close);
document.addEventListener("visibilitychange", () => {
  if (!document.hidden && hiddenAt && Date.now() - hiddenAt >= HIDDEN) close();
  hiddenAt = document.hidden ? Date.now() : null;
  if (document.hidden && open) setTimeout(() => hiddenAt && Date.now() - hiddenAt >= HIDDEN && close(), HIDDEN);
});

async function openList(list, bytes) {
  const key = await crypto.subtle.importKey("raw", bytes, "AES-GCM", false, ["decrypt"]);
  const text = new TextDecoder().decode(await openBox(key, fromBase64(list.box)));
  open = { version: list.version, key, people: JSON.parse(text) };
  used();
}

// {ok, code, left} for a PIN; null without a network.
export async function openByPin(pin) {
  const list = await store.get("people");
  if (!list) return null;
  const told = await sync.unlock(pin, list.version);
  if (told?.ok) await openList(list, fromBase64(told.key));
  return told;
}

// Whether the unlock card opened the list; needs no network.
export async function openByCard(text) {
  const list = await store.get("people");
  const secret = text.startsWith(CARD) ? decode(text.slice(CARD.length)) : null;
  if (!list?.by_card || !secret) return false;
  try {
    await openList(list, await openBox(await derivedKey(secret, list, "card"), fromBase64(list.by_card)));
    return true;
  } catch {
    return false;
  }
}

// A newer list has come: who had the older one open has this one open too.
export async function follow() {
  const list = await store.get("people");
  if (!open || !list || list.version === open.version) return;
  if (!list.by_older) {
    close();
    return;
  }
  try {
    await openList(list, await openBox(open.key, fromBase64(list.by_older)));
  } catch {
    close();
  }
}

// People by part of the name, pinyin or its initials, or the last digits of the document.
export function find(wanted) {
  const text = wanted.trim().toLowerCase();
  if (!open || !text) return [];
  const fits = (person) => person.name.toLowerCase().includes(text)
    || person.pinyin.split(" ").some((word) => word.startsWith(text))
    || (text.length >= 2 && person.last_four.toLowerCase().endsWith(text));
  return open.people.filter(fits);
}
