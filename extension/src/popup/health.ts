/** The state of the link to Koban in one sentence, and the one repair of it. */

import type { StorageTrouble } from '../api/types';
import { storageLine } from '../i18n/lines';
import { programFolder } from '../i18n/program-folder';
import type { Key, Words } from '../i18n/words';
import type { KobanState } from '../messages';

/**
 * `pair`: open the page that pairs. `again`: ask Koban again. `look`: have it look again. `reload`: reload the
 * extension. `resume`: end the pause.
 */
export type Repair = 'pair' | 'again' | 'look' | 'reload' | 'resume';

export interface HealthLine {
  well: boolean;
  line: string;
  /** A step before the button is of use; null where the button is all. */
  first: string | null;
  repair: Repair | null;
}

/** Why a change was not taken. */
export const TROUBLES: Record<'disk' | 'refused', Key> = { disk: 'troubleDisk', refused: 'troubleRefused' };

/** The label of each repair's button. */
export const REPAIRS: Record<Repair, Key> = {
  pair: 'repairPair',
  again: 'repairAgain',
  look: 'repairLook',
  reload: 'repairReload',
  resume: 'repairResume',
};

export function healthLine(model: KobanState, ownVersion: string, words: Words): HealthLine {
  const ill = (repair: Repair, line: string, first: Key | null = null): HealthLine => ({
    well: false,
    line,
    // `firstStart` names a command in it.
    first: first === null ? null : words.of(first, programFolder()),
    repair,
  });
  switch (model.health) {
    case 'not-paired':
      return ill('pair', words.of('healthNotPaired'));
    case 'not-running':
      return ill('again', words.of('healthNotRunning'), 'firstStart');
    case 'stranger':
      return ill('again', words.of('healthStranger'), 'firstStranger');
    case 'wrong-version':
      return ill('reload', words.of('healthWrongVersion', model.version ?? '?', ownVersion), 'firstUpdate');
    case 'failing':
      return ill('again', words.of('healthFailing'), 'firstRestart');
    case 'ok':
      if (model.version === null) return { well: true, line: words.of('askingLine'), first: null, repair: null };
      if (model.paused) return ill('resume', pausedLine(model.settings?.paused_until ?? null, words));
      if (!model.proxyListening) return ill('again', words.of('healthProxyDown'), 'firstRestart');
      if (model.storage !== null) return ill('look', storageLine(model.storage, words), ROOM[model.storage]);
      return { well: true, line: runningLine(model.version, model.newest, words), first: null, repair: null };
  }
}

/** Whether pages are checked: also where what is seen may not be kept. */
export function isLinked({ well, repair }: HealthLine): boolean {
  return well || repair === 'look';
}

/** What is said after a repair that has not helped. */
export const IN_VAIN: Partial<Record<Repair, Key>> = { again: 'repairTried', look: 'repairLooked' };

/** What to do before Koban looks again. */
const ROOM: Record<StorageTrouble, Key> = { full: 'firstRoom', 'read-only': 'firstRights' };

function runningLine(version: string, newest: string | null, words: Words): string {
  return newest === null ? words.of('healthOkVersion', version) : words.of('healthNewerVersion', version, newest);
}

/** A pause without an end of its own: settings know only a moment, and this one nobody meets. */
export const UNTIL_RESUMED = '9999-12-31T00:00:00Z';

/** The end of today, where the user is. */
export function endOfToday(now: Date): string {
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() + 1).toISOString();
}

/** Until when a pause lasts: a time of today, the end of today, or until the user ends it. */
export function pausedLine(until: string | null, words: Words, now = new Date()): string {
  const end = Date.parse(until ?? '');
  if (Number.isNaN(end) || end >= Date.parse(UNTIL_RESUMED)) return words.of('healthPaused');
  if (end === Date.parse(endOfToday(now))) return words.of('healthPausedToday');
  const at = new Date(end);
  return words.of('healthPausedUntil', `${at.getHours()}:${String(at.getMinutes()).padStart(2, '0')}`);
}
