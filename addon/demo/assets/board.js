// Draws the messages of a board from the site's own answer, as the real page does: the newest comes first.
const place = document.querySelector("[data-board]");
const messages = await (await fetch(`/v1/message_api/boards/${place.dataset.board}/messages`)).json();
for (const message of messages.toReversed()) {
  const item = document.createElement("div");
  item.className = "panel";
  const author = document.createElement("p");
  author.className = "quiet";
  author.textContent = message.send_user.is_client ? "依頼主" : "あなた";
  const text = document.createElement("p");
  text.textContent = message.description;
  item.append(author, text);
  place.append(item);
}
