/** Due dates that surface by themselves: on the button of tabs without warnings, and as a notice, once a day. */
import { browser } from 'wxt/browser';
import type { Due } from '../api/types';
import { today } from '../history/parts';
import type { Words } from '../i18n/words';
import { notices } from '../notices';
import { storageItems } from './stored';

/** No state's: what is due is no warning. White stands on it with a contrast of 6.4. */
export const DUE_COLOUR = '#2f5f9e';
export const NOTICE = 'koban-due';
const OVERDUE_DAYS = 7;
const MOST_LINES = 3;

/** Dates of today or tomorrow, or overdue for a week at the most. */
export function pressing(dues: readonly Due[]): Due[] {
  const [from, to] = [today(-OVERDUE_DAYS), today(1)];
  return dues.filter(({ day }) => from <= day && day <= to);
}

/** The button's tooltip; null where nothing presses. */
export function dueTitle(dues: readonly Due[], words: Words): string | null {
  const [first, ...more] = pressing(dues);
  if (first === undefined) return null;
  const line = lineOf(first, words);
  return more.length === 0 ? words.of('dueTitle', line) : words.of('dueTitleMore', line, more.length);
}

/** On every tab that has no page of its own to tell of. A word, never a number: that is how many warnings there are. */
export async function showDue(dues: readonly Due[], words: Words): Promise<void> {
  const title = dueTitle(dues, words);
  await Promise.allSettled([
    browser.action.setBadgeText({ text: title === null ? '' : words.of('dueBadge') }),
    browser.action.setBadgeBackgroundColor({ color: DUE_COLOUR }),
    browser.action.setBadgeTextColor({ color: '#ffffff' }),
    browser.action.setTitle({ title: title === null ? 'Koban' : `Koban ${title}` }),
  ]);
}

let telling: Promise<void> = Promise.resolve();

/**
 * Show a notice of dates of today and tomorrow, where the user wants it, once a day however often the background
 * restarts.
 */
export function tell(dues: readonly Due[], words: Words): Promise<void> {
  telling = telling.then(() => tellOnce(dues, words)).catch(() => undefined);
  return telling;
}

async function tellOnce(dues: readonly Due[], words: Words): Promise<void> {
  const [now, next] = [today(), today(1)];
  const near = dues.filter(({ day }) => day === now || day === next);
  if (near.length === 0 || (await storageItems.lastNoticeDay.getValue()) === now || !(await notices.isOn())) return;
  // Before it is shown: rather none than a second one.
  await storageItems.lastNoticeDay.setValue(now);
  await browser.notifications.create(NOTICE, {
    type: 'basic',
    iconUrl: browser.runtime.getURL('/icon/128.png'),
    title: words.of('dueNotice'),
    message: [...new Set(near.map((due) => lineOf(due, words)))].slice(0, MOST_LINES).join('\n'),
  });
}

/** The deal's title and our own words: nothing else of a deal is shown where others may look on. */
function lineOf(due: Due, words: Words): string {
  return due.title == null ? words.in(due.what) : words.of('dueLine', due.title, words.in(due.what));
}
