import { PageSubmitter } from '../page/submit';
import type { Feature } from './feature';

/** The second feed: sends the page as shown while Koban wants it. */
export const feature: Feature = {
  id: 'submission',
  include: 'page',
  adds: false,
  init({ send }) {
    const submitter = new PageSubmitter((url, html) =>
      send(html === null ? { type: 'too-large', url } : { type: 'submit', url, html }),
    );
    return ({ wantsPage, url }) => submitter.want(wantsPage, url);
  },
};
