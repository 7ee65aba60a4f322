// Keeps this pass page on the phone, so that it opens at the stop without a network.

const pass = document.querySelector("[data-keep]");
if (pass && "serviceWorker" in navigator) {
  const registration = await navigator.serviceWorker.register(pass.dataset.keep, { scope: "/pass/" });
  await navigator.serviceWorker.ready;
  const parts = [...document.querySelectorAll("link[rel=stylesheet], link[rel=icon], script[src]")]
    .map((part) => part.href || part.src);
  const worker = registration.active ?? registration.waiting ?? registration.installing;
  worker.postMessage({ page: location.href, parts, until: Date.parse(pass.dataset.until) });
}
