/** Whether pictures and files of clients are looked at: a line where they are not, asked for once. */
import type { VNode } from 'preact';
import type { Settings, SettingsChange } from '../api/types';
import type { Key, Words } from '../i18n/words';
import type { KobanState } from '../messages';
import { LOOKS } from '../states';
import { type Child, h, switchOf } from '../ui/virtual';
import type { FilesAtHand } from './files-at-hand';

type Change = (change: SettingsChange) => void;

export interface PictureActions {
  /**
   * Have the pictures of addresses looked at as they are drawn in the page. Returns how many are in sight. Null where the
   * popup is a tab itself, so that the page is not in sight.
   */
  lookInSight: ((addresses: readonly string[]) => Promise<number>) | null;
}

/** What the user asked to be looked at as it is drawn, and what came of it. */
export class PicturesInSight {
  private busy = false;
  /** How many there were in sight, and on which page; null until it was asked for. */
  private last: { page: string; number: number } | null = null;

  /** `onChange` is called when there is something else to show. */
  constructor(
    private readonly actions: PictureActions,
    private readonly onChange: () => void,
  ) {}

  /** The button; and where nothing was in sight, what to do. */
  entry(page: string, unseen: readonly string[], words: Words): Child[] {
    if (this.actions.lookInSight === null) return [];
    const wereNone = this.last?.page === page && this.last.number === 0;
    return [
      h(
        'p',
        { class: 'answers' },
        h(
          'button',
          // Not `disabled`, which would take the keyboard from it.
          { type: 'button', 'aria-disabled': String(this.busy), onclick: () => void this.look(page, unseen) },
          words.of(this.busy ? 'picturesLooking' : 'picturesLook'),
        ),
      ),
      wereNone && h('p', { class: 'none', role: 'status' }, words.of('picturesNoneInSight')),
    ];
  }

  private async look(page: string, unseen: readonly string[]): Promise<void> {
    if (this.busy || this.actions.lookInSight === null) return;
    this.busy = true;
    this.onChange();
    const number = await this.actions.lookInSight(unseen).catch(() => 0);
    this.busy = false;
    this.last = { page, number };
    this.onChange();
  }
}

/** What the popup says of the page's pictures; nothing where it has none, or all were looked at. */
export function picturesLine(
  { page, pictures, settings }: KobanState,
  words: Words,
  change: Change,
  inSight: PicturesInSight,
  atHand: FilesAtHand,
): Child[] {
  const number = page?.shown?.verdict.enclosures?.length ?? 0;
  const chosenCount = page?.shown?.verdict.chosen?.length ?? 0;
  if (number + chosenCount === 0 || pictures === null || settings === null) return [];
  // With sign and word of what was not checked: a page may be clear beside it.
  const sign = () => h('span', { 'aria-hidden': 'true' }, `${LOOKS['not-checked'].sign} `);
  const line = (text: string): VNode =>
    h('p', { class: 'none' }, sign(), words.of('unseenLine', words.of('stateNotChecked'), text));
  if (number === 0 && pictures !== 'on') return [];
  if (pictures === 'absent') return [line(words.of('picturesAbsentLine', number))];
  if (pictures === 'on') {
    const unseenAddresses = page?.files.unseen ?? [];
    const lines: [Key, number][] = [
      ['picturesNotYetLine', number - unseenAddresses.length],
      ['picturesUnseenLine', unseenAddresses.length],
    ];
    return [
      ...lines.filter(([, count]) => count > 0).map(([key, count]) => line(words.of(key, count))),
      ...(unseenAddresses.length > 0 ? inSight.entry(page?.url ?? '', unseenAddresses, words) : []),
      ...(unseenAddresses.length + chosenCount > 0 ? atHand.entry(unseenAddresses, page?.shown ?? null, words) : []),
    ];
  }
  // Asked once: whoever said no finds the switch in the options.
  if (settings.pictures === false) return [line(words.of('picturesOffLine', number))];
  const answer = (pictures: boolean) => () => change({ pictures });
  return [
    h('p', {}, words.of('picturesQuestion', number)),
    h('p', { class: 'none' }, words.of('picturesCost')),
    h(
      'p',
      { class: 'answers' },
      h('button', { type: 'button', onclick: answer(true) }, words.of('picturesYes')),
      h('button', { type: 'button', onclick: answer(false) }, words.of('picturesNo')),
    ),
  ];
}

/** The switch in the options; where the extra is not installed, how it is. */
export function picturesSwitch(
  pictures: KobanState['pictures'],
  settings: Settings,
  words: Words,
  change: Change,
): Child[] {
  if (pictures === null) return [];
  if (pictures === 'absent') return [h('p', { class: 'none' }, words.of('picturesInstall'))];
  return [
    switchOf(words.of('picturesSwitch'), settings.pictures ?? false, (on) => change({ pictures: on })),
    h('p', { class: 'none' }, words.of('picturesCost')),
  ];
}
