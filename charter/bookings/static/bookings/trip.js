// Lets no form be sent twice, and no more seats be ticked than there are people. The pages work without it.

for (const form of document.querySelectorAll("form[method=post]")) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "1";
  });
}
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});

for (const coach of document.querySelectorAll("[data-seats]")) {
  const ticked = [...coach.querySelectorAll("input[type=checkbox]:checked")];
  coach.addEventListener("change", ({ target }) => {
    if (target.type !== "checkbox") return;
    if (!target.checked) {
      ticked.splice(ticked.indexOf(target), 1);
      return;
    }
    ticked.push(target);
    if (ticked.length > Number(coach.dataset.seats)) ticked.shift().checked = false;
  });
}
