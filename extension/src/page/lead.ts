/** From a warning of a list to the card that it is of. */
import type { CardTitles } from '../messages';
import { all, titleOf } from './targets';

const LED_MS = 2_000;
const LONGEST_TITLE = 80;
let ending: ReturnType<typeof setTimeout> | undefined;

/** The title of the card that a selector leads to; null where there is none in the page. */
export function cardTitle(anchor: string | null | undefined): string | null {
  const [link] = all(anchor).filter((element) => element.textContent?.trim());
  const title = link && titleOf(link).textContent?.replace(/\s+/g, ' ').trim();
  return title ? title.slice(0, LONGEST_TITLE) : null;
}

/** The titles of the cards that selectors lead to; a selector without a card is absent. */
export function cardTitles(anchors: readonly string[]): CardTitles {
  return Object.fromEntries(
    anchors.flatMap((anchor) => {
      const title = cardTitle(anchor);
      return title === null ? [] : [[anchor, title]];
    }),
  );
}

/** Bring a card's title into sight and light it up for a moment; false where the page has no such card. */
export function leadTo(anchor: string | null | undefined): boolean {
  const [link] = all(anchor).filter((element) => element.textContent?.trim());
  if (link === undefined) return false;
  const title = titleOf(link);
  title.scrollIntoView({
    block: 'center',
    behavior: matchMedia('(prefers-reduced-motion: reduce)').matches ? 'auto' : 'smooth',
  });
  if (typeof Highlight !== 'undefined') {
    const range = document.createRange();
    range.selectNodeContents(title);
    clearTimeout(ending);
    CSS.highlights.set('koban-led', new Highlight(range));
    ending = setTimeout(() => CSS.highlights.delete('koban-led'), LED_MS);
  }
  return true;
}
