/**
 * The toolbar button of a tab: the state's shape as the icon, the number of warnings as the badge, both in words.
 * Without warnings the badge is left to what is due.
 */
import { browser } from 'wxt/browser';
import type { PageModel } from '../messages';
import { stateOfPage } from '../messages';
import { stateLine } from '../words/lines';
import { Words } from '../words/words';
import { warningCount } from '../look/count';
import { LOOKS } from '../states';
import { DUE_COLOUR } from './due';
import type { State } from '../api/types';

const SIZES = [16, 24, 32, 48];
const drawn = new Map<State, Record<string, ImageData>>();

/** Show a page's state on its tab's button. A tab that is gone meanwhile is no matter. */
export async function showBadge(tabId: number, page: PageModel, due: string | null): Promise<void> {
  const { state } = stateOfPage(page);
  const count = warningCount(page.shown?.verdict);
  const line = stateLine(page, new Words(page.language));
  // null, which the types leave out, is in both browsers the text of all tabs: '' is in Firefox none.
  const text = (count > 0 ? String(count) : null) as string;
  await Promise.allSettled([
    browser.action.setIcon({ tabId, imageData: images(state) }),
    browser.action.setBadgeText({ tabId, text }),
    browser.action.setBadgeBackgroundColor({ tabId, color: count > 0 ? LOOKS[state].colour : DUE_COLOUR }),
    browser.action.setBadgeTextColor({ tabId, color: '#ffffff' }),
    browser.action.setTitle({ tabId, title: `Koban ${LOOKS[state].sign} ${line}${due === null ? '' : `\n${due}`}` }),
  ]);
}

function images(state: State): Record<string, ImageData> {
  let found = drawn.get(state);
  if (found === undefined) {
    found = Object.fromEntries(SIZES.map((size) => [String(size), draw(state, size)]));
    drawn.set(state, found);
  }
  return found;
}

function draw(state: State, size: number): ImageData {
  const canvas = new OffscreenCanvas(size, size).getContext('2d');
  if (canvas === null) throw new Error('no canvas');
  canvas.scale(size / 16, size / 16);
  const path = new Path2D(LOOKS[state].path);
  // A light rim keeps the shape apart from a dark toolbar.
  canvas.lineJoin = 'round';
  canvas.lineWidth = 1.2;
  canvas.strokeStyle = '#ffffff';
  canvas.stroke(path);
  canvas.fillStyle = LOOKS[state].colour;
  canvas.fill(path, 'evenodd');
  return canvas.getImageData(0, 0, size, size);
}
