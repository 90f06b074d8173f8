// Draws a talk and its milestones from the API's answers: what an answer shows stands by a number, not in an order.
import { panel } from "./panel.js";

const place = document.querySelector("[data-thread]");
const { thread, client, project } = place.dataset;
const ask = async (path) => (await (await fetch(path)).json()).result;
const { messages } = await ask(`/api/messages/0.1/messages/?threads[]=${thread}`);
const draw = (heading, words) => place.append(panel(heading, words));
for (const message of messages.toSorted((one, other) => one.id - other.id)) {
  draw(String(message.from_user_id) === client ? "Client" : "Me", message.message);
}
if (project) {
  const { milestones } = await ask(`/api/projects/0.1/milestones/?projects[]=${project}`);
  const { milestone_requests } = await ask(`/api/projects/0.1/milestone_requests/?projects[]=${project}`);
  for (const one of Object.values(milestones)) {
    draw("Milestone", `${one.amount} ${one.currency.code}: ${one.status.replaceAll("_", " ")}`);
  }
  for (const one of Object.values(milestone_requests)) {
    draw("Milestone requested", `${one.amount} ${one.currency.code}: ${one.description}`);
  }
}
