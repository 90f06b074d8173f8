/** Whether pictures and files of clients are looked at: a line where they are not, asked for once. */
import type { VNode } from 'preact';
import type { Settings, SettingsChange } from '../api/types';
import type { Key, Words } from '../i18n/words';
import type { KobanState } from '../messages';
import { type Child, h, switchOf } from '../ui/virtual';

type Change = (change: SettingsChange) => void;

/** What the popup says of the page's pictures; nothing where it has none, or all were looked at. */
export function picturesLine({ page, pictures, settings }: KobanState, words: Words, change: Change): Child[] {
  const number = page?.shown?.verdict.enclosures?.length ?? 0;
  if (number === 0 || pictures === null || settings === null) return [];
  const line = (text: string): VNode => h('p', { class: 'none' }, text);
  if (pictures === 'absent') return [line(words.of('picturesAbsentLine', number))];
  if (pictures === 'on') {
    const unseen = page?.files.unseen.length ?? 0;
    const lines: [Key, number][] = [
      ['picturesNotYetLine', number - unseen],
      ['picturesUnseenLine', unseen],
    ];
    return lines.filter(([, count]) => count > 0).map(([key, count]) => line(words.of(key, count)));
  }
  // Asked once: whoever said no finds the switch in the options.
  if (settings.pictures === false) return [line(words.of('picturesOffLine', number))];
  const answer = (pictures: boolean) => () => change({ pictures });
  return [
    h('p', {}, words.of('picturesQuestion', number)),
    line(words.of('picturesCost')),
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
