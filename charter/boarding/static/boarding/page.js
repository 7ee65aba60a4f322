// The page's parts: one section at a time, its words, its times.

export const WORDS = JSON.parse(document.getElementById("words").textContent);
export const $ = (id) => document.getElementById(id);

const LOCALE = document.documentElement.lang;

export const words = (key, values = {}) =>
  Object.entries(values).reduce((text, [name, value]) => text.replace(`%(${name})s`, value ?? "—"), WORDS[key] ?? key);

export const clockTime = (moment) =>
  new Date(moment).toLocaleTimeString(LOCALE, { hour: "2-digit", minute: "2-digit", hour12: false });

// Show one section and hold the camera while it is another one.
export function show(name) {
  for (const part of document.querySelectorAll("main > section")) part.hidden = part.id !== name;
  $("video").dataset.held = name === "camera" ? "" : "1";
  document.body.dataset.part = name;
  if (name !== "verdict") delete document.body.dataset.verdict;
}

let home = "ready";

// Where "back" leads: the ready check until the camera runs, the camera from then on.
export const goHome = () => show(home);
export const setHome = (name) => (home = name);

export const shown = () => document.body.dataset.part;

// Words over the whole screen, with a way back to the camera where there is one.
export function message(title, text, canGoOn = true) {
  $("message-title").textContent = title;
  $("message-text").textContent = text;
  document.querySelector("#message .back").hidden = !canGoOn;
  show("message");
}

// A button with words; `act` is called once for each press, never twice at the same time.
export function button(text, act, kind = "") {
  const made = document.createElement("button");
  made.type = "button";
  made.className = kind;
  made.textContent = text;
  made.addEventListener("click", async () => {
    if (made.disabled) return;
    made.disabled = true;
    await act();
    made.disabled = false;
  });
  return made;
}

export function line(tag, text, kind = "") {
  const made = document.createElement(tag);
  made.textContent = text;
  if (kind) made.className = kind;
  return made;
}
