// A button copies the words that it names. Without script the words can be selected by hand.
for (const button of document.querySelectorAll("[data-copies]")) {
  const words = document.getElementById(button.dataset.copies);
  button.hidden = false;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(words.textContent.trim());
    } catch { // pages without https have no clipboard
      getSelection().selectAllChildren(words);
      document.execCommand("copy");
    }
    button.textContent = button.dataset.done;
  });
}
