/** Places a card beside its subject, which stays in sight. */
import type { Box } from './visibility';

const GAP = 4;
const MARGIN = 8;
/** A card with less room than this covers what it belongs to: nobody could read it otherwise. */
const LEAST = 160;

/** Put an open card below a box, else above it, else where there is more room, and make it no taller than that. */
export function putBeside(card: HTMLElement, place: Box, left: number): void {
  card.style.maxHeight = '';
  const { width, height } = card.getBoundingClientRect();
  const bottom = place.top + place.height;
  const below = innerHeight - bottom - GAP - MARGIN;
  const above = place.top - GAP - MARGIN;
  const isBelow = height <= below || below >= above;
  const tall = Math.min(height, Math.max(LEAST, isBelow ? below : above));
  const top = isBelow ? bottom + GAP : place.top - GAP - tall;
  card.style.maxHeight = `${tall}px`;
  card.style.left = `${Math.max(MARGIN, Math.min(left, document.documentElement.clientWidth - width - MARGIN))}px`;
  card.style.top = `${Math.max(MARGIN, Math.min(top, innerHeight - tall - MARGIN))}px`;
}
