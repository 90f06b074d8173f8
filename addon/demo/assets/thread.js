// Draws the messages of a thread from the site's own answer, as the real page does.
const place = document.querySelector("#pack-message-thread");
const { id } = JSON.parse(place.getAttribute("data"));
const { messages } = await (await fetch(`/message/threads/${id}/messages.json`)).json();
const client = document.querySelector("[data-client-name]");
const list = document.createElement("div");
list.className = "thread";
for (const message of messages) {
  const item = document.createElement("div");
  item.className = `_messageItem_d3m0k_1${message.own_message ? " own" : ""}`;
  const body = document.createElement("div");
  body.className = "_messageBody_d3m0k_9";
  const name = document.createElement(message.own_message ? "span" : "a");
  name.className = "_senderName_d3m0k_17";
  name.textContent = message.own_message ? "あなた" : client.dataset.clientName;
  if (!message.own_message) name.href = client.dataset.clientUrl;
  const time = document.createElement("time");
  time.dateTime = time.textContent = message.senddate;
  const text = document.createElement("p");
  text.textContent = message.body;
  body.append(name, time, text, ...(message.attachments ?? []).map(attached));
  item.append(body);
  list.append(item);
}
place.prepend(list);

/** A picture that was sent along, or the link of a file. */
function attached({ name, url }) {
  const link = document.createElement("a");
  link.className = "attachment";
  link.href = url;
  if (/\.(png|jpe?g|gif|webp)$/i.test(url)) {
    const picture = new Image();
    picture.src = url;
    picture.alt = name;
    link.append(picture);
  } else link.textContent = name;
  return link;
}
