// Draws the messages of a room from the site's own answer, as the real page does: the newest comes first.
const place = document.querySelector("[data-room]");
const { stories } = await (await fetch(`/api/v3/rooms/rooms/${place.dataset.room}/stories/simplified`)).json();
for (const story of stories.toReversed()) {
  const item = document.createElement("div");
  item.className = "panel";
  const author = document.createElement("p");
  author.className = "quiet";
  author.textContent = story.userId === place.dataset.client ? place.dataset.name : "You";
  const text = document.createElement("p");
  text.textContent = story.message;
  item.append(author, text);
  place.append(item);
}
