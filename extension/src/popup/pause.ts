/** The three ways to pause the checking. */
import type { VNode } from 'preact';
import type { SettingsChange } from '../api/types';
import type { Key, Words } from '../i18n/words';
import { h } from '../ui/virtual';
import { endOfToday, UNTIL_RESUMED } from './health';

export function pauseButtons(words: Words, change: (change: SettingsChange) => void): VNode {
  const pause = (key: Key, until: () => string) =>
    h('button', { type: 'button', onclick: () => change({ paused_until: until() }) }, words.of(key));
  return h(
    'div',
    { class: 'buttons' },
    pause('pauseButton', inAnHour),
    pause('pauseToday', () => endOfToday(new Date())),
    pause('pauseOpen', () => UNTIL_RESUMED),
  );
}

function inAnHour(): string {
  return new Date(Date.now() + 3_600_000).toISOString();
}
