// A field that asks for a county offers those that fit while somebody types; without script the server judges the text.
let number = 0;
for (const field of document.querySelectorAll("input[data-place]")) {
  const list = document.createElement("datalist");
  list.id = `places-${(number += 1)}`;
  field.after(list);
  field.setAttribute("list", list.id);
  field.autocomplete = "off";
  let timer = 0;
  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => offer(field, list), 180);
  });
}

async function offer(field, list) {
  const text = field.value.trim();
  if (!text) return;
  const answer = await fetch(`${field.dataset.place}?q=${encodeURIComponent(text)}`);
  if (!answer.ok || field.value.trim() !== text) return;
  const { items } = await answer.json();
  list.replaceChildren(...items.map((name) => Object.assign(document.createElement("option"), { value: name })));
}
