/** The switch that has the system start Koban with the computer. */

import type { Key, Words } from '../i18n/words';
import type { KobanState } from '../messages';
import { type Child, h, switchOf } from '../ui/virtual';

export interface AutostartActions {
  autostart(on: boolean): void;
}

const LINES: Record<NonNullable<KobanState['autostart']>, Key> = {
  off: 'autostartOff',
  on: 'autostartOn',
  gone: 'autostartGone',
};

/** It shows what the system's own entry says; where Koban does not tell, how it is done in a terminal. */
export function autostartSwitch(
  autostart: KobanState['autostart'],
  words: Words,
  { autostart: turn }: AutostartActions,
): Child[] {
  if (autostart === null) return [h('p', { class: 'none' }, words.of('autostartLine'))];
  return [
    // An entry whose program is gone starts nothing.
    switchOf(words.of('autostartSwitch'), autostart === 'on', turn),
    h('p', { class: 'none', role: 'status' }, words.of(LINES[autostart])),
  ];
}
