/** The signature in a site's page: the words are Koban's, and not the site's. */
import { h, icon } from './dom';

/** The house of Koban's icon, with its door and its lamp, in one colour. */
export const HOUSE =
  'M8 .8 15.2 6.4V15.2H.8V6.4zM6.4 15.2V10.8h3.2v4.4zM8 4.9a1.7 1.7 0 1 0 0 3.4a1.7 1.7 0 1 0 0-3.4z';

export function maker(): HTMLElement {
  return h('span', { class: 'maker' }, icon(HOUSE), 'Koban');
}
