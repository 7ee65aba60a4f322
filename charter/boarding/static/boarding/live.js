// Keeps the board's figures fresh: fetches the same page and swaps its live part, unless somebody is typing in it.

const EVERY = 10_000;

async function refresh() {
  const part = document.querySelector("[data-live]");
  if (document.hidden || part.contains(document.activeElement)) return;
  const answer = await fetch(location.href, { credentials: "same-origin" });
  if (!answer.ok || answer.redirected) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-live]");
  if (fresh) part.replaceWith(fresh);
}

setInterval(() => refresh().catch(() => null), EVERY);
