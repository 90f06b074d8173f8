// Draws a conversation from the site's own answers, as the real page does: the newest comes first.
import { panel } from "./panel.js";

const place = document.querySelector("[data-inbox]");
const user = place.dataset.inbox;
const ask = async (what) => (await fetch(`/inbox/contacts/${user}/${what}`)).json();
const [{ messages }, buyer] = await Promise.all([ask("conversation"), ask("info")]);
const since = new Date(buyer.memberSince * 1000).getFullYear();
document.querySelector("[data-about]").textContent =
  `${user} · ${buyer.country} · member since ${since} · ${buyer.ratingsCount} ratings`;
for (const message of messages.toReversed()) {
  place.append(panel(message.sender === user ? user : "Me", message.body));
}
