// While a list is worked on: its figures move, and the page is shown anew when it has come to another state.
const panel = document.querySelector("[data-progress]");
const bar = panel.querySelector("progress");
let pause = 500;

function draw(found) {
  if (found.total) {
    bar.max = found.total;
    bar.value = found.done;
    for (const hidden of panel.querySelectorAll("[data-of]")) hidden.hidden = false;
  }
  for (const figure of panel.querySelectorAll("[data-figure]")) {
    figure.textContent = found[figure.dataset.figure].toLocaleString();
  }
}

async function look() {
  try {
    const answer = await fetch(panel.dataset.progress, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(answer.status);
    const found = await answer.json();
    if (found.state !== panel.dataset.state) return location.reload();
    draw(found);
    pause = 700;
  } catch {
    pause = Math.min(pause * 2, 15000); // no network, or the server starts anew: wait longer each time
  }
  setTimeout(look, pause);
}

setTimeout(look, pause);
