// A choice is taken at once, and no form is sent twice by a double tap.
for (const form of document.querySelectorAll("form[data-submit-on-change]")) {
  form.querySelectorAll("[data-without-script]").forEach((button) => (button.hidden = true));
  form.addEventListener("change", () => form.requestSubmit());
}
for (const form of document.querySelectorAll("form[method=post]")) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "1";
  });
}
window.addEventListener("pageshow", () => {
  document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent);
});
