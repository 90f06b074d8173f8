/** The page that asks whether the extension is to be linked to another Koban: opened where a pairing page wants it. */

import type { Key, Words } from '../i18n/words';
import type { OfferedLink, PairResult } from '../messages';
import { h } from '../ui/dom';

const SAYS: Record<PairResult, Key> = {
  paired: 'replaceDone',
  asked: 'replaceOld',
  used: 'pairUsed',
  stranger: 'pairStranger',
  unreachable: 'pairUnreachable',
  failed: 'pairFailed',
};

export class Replacing {
  private readonly status = h('p', { role: 'status' });

  /** offered: null where the question is over. */
  constructor(
    root: HTMLElement,
    private readonly words: Words,
    offered: OfferedLink | null,
    private readonly replace: () => Promise<PairResult>,
  ) {
    document.documentElement.lang = words.language;
    document.title = words.of('replaceTitle');
    const buttons = h(
      'div',
      { class: 'buttons' },
      h(
        'button',
        { type: 'button', class: 'keep', onclick: () => this.say('replaceKept', buttons) },
        words.of('replaceNo'),
      ),
      h(
        'button',
        { type: 'button', class: 'replace', onclick: (event) => event.isTrusted && void this.go(buttons) },
        words.of('replaceYes'),
      ),
    );
    const question =
      offered === null
        ? []
        : [
            h('p', { class: 'line' }, words.of('replaceLine', offered.from, offered.to)),
            h('p', {}, words.of('replaceAdvice')),
            buttons,
          ];
    root.append(h('main', {}, h('h1', {}, words.of('replaceTitle')), ...question, this.status));
    if (offered === null) this.say('replaceOld', buttons);
  }

  private async go(buttons: HTMLElement): Promise<void> {
    buttons.remove();
    this.say(SAYS[await this.replace()], buttons);
  }

  private say(key: Key, buttons: HTMLElement): void {
    buttons.remove();
    this.status.textContent = this.words.of(key);
  }
}
