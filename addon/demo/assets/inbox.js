// Draws a conversation from the site's own answers, as the real page does: the newest comes first.
const place = document.querySelector("[data-inbox]");
const user = place.dataset.inbox;
const ask = async (what) => (await fetch(`/inbox/contacts/${user}/${what}`)).json();
const [{ messages }, buyer] = await Promise.all([ask("conversation"), ask("info")]);
const since = new Date(buyer.memberSince * 1000).getFullYear();
document.querySelector("[data-about]").textContent =
  `${user} · ${buyer.country} · member since ${since} · ${buyer.ratingsCount} ratings`;
for (const message of messages.toReversed()) {
  const item = document.createElement("div");
  item.className = "panel";
  const author = document.createElement("p");
  author.className = "quiet";
  author.textContent = message.sender === user ? user : "Me";
  const text = document.createElement("p");
  text.textContent = message.body;
  item.append(author, text);
  place.append(item);
}
