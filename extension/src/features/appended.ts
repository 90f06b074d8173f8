import { Appended } from '../page/appended';
import type { Feature } from './feature';

/**
 * Hides what the proxy appended, which is of the moment that the page passed, while a verdict from Koban stands above
 * it.
 */
export const feature: Feature = {
  id: 'appended',
  include: 'page',
  adds: true,
  init() {
    const element = new Appended();
    return ({ shown }) => {
      if (shown !== null) element.hide();
      else element.restore();
    };
  },
};
