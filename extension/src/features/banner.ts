import { draftOrCopy } from '../guard/draft-reply';
import { Anchor } from '../page/anchor';
import { Banner, hasBanner } from '../page/banner';
import { leadTo } from '../page/lead';
import type { Feature } from './feature';

/** The line at the top of a page that says how it is. */
export const feature: Feature = {
  id: 'banner',
  include: 'page',
  adds: true,
  init({ send }) {
    const line = new Banner({
      fold: (folded) => send({ type: 'fold', folded }),
      resume: () => send({ type: 'resume' }),
      undo: () => send({ type: 'undo' }),
      lead: ({ anchor }) => leadTo(anchor),
      prepare: ({ rule }) => send({ type: 'report', rule }),
      draft: draftOrCopy,
    });
    const anchor = new Anchor(line.host);
    return (model) => {
      // Once there it stays: what would take it away would move the page.
      if (!hasBanner(model) && !line.isDrawn) return;
      line.draw(model);
      anchor.keep();
    };
  },
};
