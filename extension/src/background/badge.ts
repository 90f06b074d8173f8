/**
 * The toolbar button of a tab: Koban's house with the state's shape in its corner, the number of warnings as the badge,
 * both in words.
 * Without warnings the badge is left to what is due.
 */
import { browser } from 'wxt/browser';
import type { State } from '../api/types';
import { stateLine, withReadAgain } from '../i18n/lines';
import { Words } from '../i18n/words';
import type { PageModel } from '../messages';
import { stateOfPage } from '../messages';
import { LOOKS } from '../states';
import { warningCount } from '../ui/count';
import { HOUSE } from '../ui/maker';
import { DUE_COLOUR } from './due';

const HOUSE_COLOUR = '#1f6152';
/** In ink: a red badge on a red square would hide the shape. */
const BADGE_COLOUR = '#1d2423';
/** Units of 16 that the state's shape takes. */
const CORNER = 10;
const SIZES = [16, 24, 32, 48];
const imagesByState = new Map<State, Record<string, ImageData>>();

/** Show a page's state on its tab's button. Ignores tabs closed in the meantime. */
export async function showBadge(tabId: number, page: PageModel, due: string | null): Promise<void> {
  const { state } = stateOfPage(page);
  const count = warningCount(page.shown?.verdict);
  const words = new Words(page.language);
  const line = withReadAgain(stateLine(page, words), page, words);
  // null, which the types leave out, is in both browsers the text of all tabs: '' is in Firefox none.
  const text = (count > 0 ? String(count) : null) as string;
  await Promise.allSettled([
    browser.action.setIcon({ tabId, imageData: images(state) }),
    browser.action.setBadgeText({ tabId, text }),
    browser.action.setBadgeBackgroundColor({ tabId, color: count > 0 ? BADGE_COLOUR : DUE_COLOUR }),
    browser.action.setBadgeTextColor({ tabId, color: '#ffffff' }),
    browser.action.setTitle({ tabId, title: `Koban ${LOOKS[state].sign} ${line}${due === null ? '' : `\n${due}`}` }),
  ]);
}

function images(state: State): Record<string, ImageData> {
  let bitmaps = imagesByState.get(state);
  if (bitmaps === undefined) {
    bitmaps = Object.fromEntries(SIZES.map((size) => [String(size), draw(state, size)]));
    imagesByState.set(state, bitmaps);
  }
  return bitmaps;
}

function draw(state: State, size: number): ImageData {
  const canvas = new OffscreenCanvas(size, size).getContext('2d');
  if (canvas === null) throw new Error('no canvas');
  canvas.scale(size / 16, size / 16);
  const fill = (path: Path2D, colour: string, rim: number) => {
    // A light rim keeps it apart from a dark toolbar, and from what lies below.
    canvas.lineJoin = 'round';
    canvas.lineWidth = rim;
    canvas.strokeStyle = '#ffffff';
    canvas.stroke(path);
    canvas.fillStyle = colour;
    canvas.fill(path, 'evenodd');
  };
  // Whose it is, and in the corner that no badge covers, how the page is.
  fill(new Path2D(HOUSE), HOUSE_COLOUR, 1);
  canvas.translate(16 - CORNER, 0);
  canvas.scale(CORNER / 16, CORNER / 16);
  fill(new Path2D(LOOKS[state].path), LOOKS[state].colour, 3);
  return canvas.getImageData(0, 0, size, size);
}
