// Service worker of the pass page: keeps that page and its style sheets until the pass ends, and nothing else.

const STORE = "pass-pages";

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

async function keep({ page, parts, until }) {
  if (until < Date.now()) return caches.delete(STORE);
  const store = await caches.open(STORE);
  const answer = await fetch(page, { credentials: "same-origin" });
  if (!answer.ok || answer.redirected) return null;
  const headers = new Headers({ "Content-Type": answer.headers.get("Content-Type"), "X-Kept-Until": String(until) });
  headers.set("Content-Security-Policy", answer.headers.get("Content-Security-Policy"));
  await store.put(page, new Response(await answer.blob(), { headers }));
  return Promise.all(parts.map((part) => store.add(part)));
}

async function kept(request) {
  const found = await (await caches.open(STORE)).match(request);
  if (!found) return Response.error();
  const until = Number(found.headers.get("X-Kept-Until") ?? Infinity);
  if (until >= Date.now()) return found;
  await caches.delete(STORE);
  return Response.error();
}

self.addEventListener("message", (event) => event.waitUntil(keep(event.data)));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET") return;
  event.respondWith(fetch(request).catch(() => kept(request)));
});
