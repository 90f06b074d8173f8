// Draws the messages of a room from the site's own answer, as the real page does: the newest comes first.
import { panel } from "./panel.js";

const place = document.querySelector("[data-room]");
const { stories } = await (await fetch(`/api/v3/rooms/rooms/${place.dataset.room}/stories/simplified`)).json();
for (const story of stories.toReversed()) {
  place.append(panel(story.userId === place.dataset.client ? place.dataset.name : "You", story.message));
}
