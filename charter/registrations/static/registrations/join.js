// Searches while somebody types, and lets no form be sent twice. The pages work without it.

const WAIT = 250; // milliseconds after the last letter
const box = document.querySelector("[data-find]");
const choices = document.querySelector("#choices");

async function find() {
  const words = box.value.trim();
  if (words.length < Number(box.dataset.shortest)) return;
  const answer = await fetch(`${box.dataset.find}?q=${encodeURIComponent(words)}`, { credentials: "same-origin" });
  if (!answer.ok || box.value.trim() !== words) return;
  const kept = choices.querySelector("input:checked")?.closest(".option");
  choices.innerHTML = await answer.text();
  if (!kept) return;
  const value = kept.querySelector("input").value;
  choices.querySelector(`input[value="${CSS.escape(value)}"]`)?.closest(".option").remove();
  choices.prepend(kept);
}

if (box) {
  let timer;
  choices.addEventListener("change", ({ target }) => {
    for (const other of [...choices.children]) if (!other.contains(target)) other.remove();
  });
  box.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(find, WAIT);
  });
}

for (const form of document.querySelectorAll("form[method=post]")) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "1";
  });
}
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});
