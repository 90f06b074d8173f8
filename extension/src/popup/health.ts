/** How the link to Koban is, in one sentence, and the one thing that repairs it. */
import type { PopupModel } from '../messages';
import type { Key, Words } from '../words/words';

/** `pair`: open the page that pairs. `again`: ask Koban anew. `reload`: load the extension anew. `resume`: end the pause. */
export type Repair = 'pair' | 'again' | 'reload' | 'resume';

export interface HealthSaid {
  well: boolean;
  line: string;
  /** What to do before the button is of use; null where the button is all. */
  first: string | null;
  repair: Repair | null;
}

/** What the button of each repair says. */
export const REPAIRS: Record<Repair, Key> = {
  pair: 'repairPair',
  again: 'repairAgain',
  reload: 'repairReload',
  resume: 'repairResume',
};

export function healthLine(model: PopupModel, ownVersion: string, words: Words): HealthSaid {
  const ill = (repair: Repair, line: string, first: Key | null = null): HealthSaid => ({
    well: false,
    line,
    first: first === null ? null : words.of(first),
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
      if (model.paused) return ill('resume', words.of('healthPaused'));
      if (!model.proxyListening) return ill('again', words.of('healthProxyDown'), 'firstRestart');
      return { well: true, line: words.of('healthOkVersion', model.version), first: null, repair: null };
  }
}
