// A panel of a page: who says something, or what it is, and the words.
export function panel(heading, words) {
  const item = document.createElement("div");
  item.className = "panel";
  const name = document.createElement("p");
  name.className = "quiet";
  name.textContent = heading;
  const text = document.createElement("p");
  text.textContent = words;
  item.append(name, text);
  return item;
}
