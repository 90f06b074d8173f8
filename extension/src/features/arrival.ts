import { showPending, ticketOf } from '../page/arrival';
import type { Feature } from './feature';

/** Tells Koban that the page came to this browser, and the page its verdict where its end did not wait for that. */
export const feature: Feature = {
  id: 'arrival',
  include: 'page',
  // It puts no element into the page: it changes the words of one that is there.
  adds: false,
  init({ send }) {
    const ticket = ticketOf(document);
    if (ticket !== null) send({ type: 'arrived', ticket });
    return (model) => showPending(document, model);
  },
};
