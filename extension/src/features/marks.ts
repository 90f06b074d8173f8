import { draftOrCopy } from '../guard/draft-reply';
import { Marks } from '../page/marks';
import type { Feature } from './feature';

/** Marks on the words of a page that a warning is about. */
export const feature: Feature = {
  id: 'marks',
  include: 'page',
  adds: true,
  init({ send }) {
    const layer = new Marks(({ rule }) => send({ type: 'report', rule }), draftOrCopy);
    return (model) => layer.show(model);
  },
};
