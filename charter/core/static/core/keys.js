// Keys of a list: "/" goes to the search, "j" and "k" move from row to row, Enter opens the row, Escape leaves a field.
document.querySelector(".rail [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });

const typing = (target) => target.closest("input, select, textarea, [contenteditable]");
const rows = () => [...document.querySelectorAll("tr[data-row]")];

function move(step) {
  const all = rows();
  const here = all.indexOf(document.activeElement.closest("tr[data-row]"));
  const next = all[Math.min(Math.max(here + step, 0), all.length - 1)];
  if (next) {
    next.tabIndex = -1;
    next.focus();
    next.scrollIntoView({ block: "nearest" });
  }
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (typing(event.target)) {
    if (event.key === "Escape") event.target.blur();
    return;
  }
  if (event.key === "/") {
    const search = document.querySelector("main [data-search]") || document.querySelector("[data-search]");
    if (search) {
      event.preventDefault();
      search.focus();
      search.select?.();
    }
  } else if (event.key === "j") move(1);
  else if (event.key === "k") move(-1);
  else if (event.key === "Enter" && event.target.matches("tr[data-row]")) event.target.querySelector("a[href]")?.click();
});
