// A button copies the text that stands above it. Without script the text can be selected by hand.
for (const button of document.querySelectorAll("[data-copy]")) {
  const text = button.closest("section").querySelector("textarea");
  const words = button.textContent;
  button.hidden = false;
  button.addEventListener("click", async () => {
    text.select();
    try {
      await navigator.clipboard.writeText(text.value);
    } catch {
      document.execCommand("copy"); // pages without https have no clipboard
    }
    button.textContent = button.dataset.done;
    setTimeout(() => { button.textContent = words; }, 2000);
  });
}
