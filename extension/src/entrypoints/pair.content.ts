import { browser } from 'wxt/browser';
import { defineContentScript } from 'wxt/utils/define-content-script';
import { languageOf } from '../i18n/languages';
import { type Key, Words } from '../i18n/words';
import type { PairMessage, PairResult } from '../messages';
import { h } from '../ui/dom';

const SAYS: Record<PairResult | 'no-code', Key> = {
  paired: 'pairPaired',
  asked: 'pairAsked',
  used: 'pairUsed',
  stranger: 'pairStranger',
  unreachable: 'pairUnreachable',
  failed: 'pairFailed',
  'no-code': 'pairNoCode',
};

const isNext = (next: string | undefined): next is 'start' | 'close' => next === 'start' || next === 'close';

export default defineContentScript({
  matches: ['http://127.0.0.1/pair*'],
  async main() {
    const status = document.getElementById('koban-pair-status');
    // `#<code>`, and `&start` or `&close` in a window of Koban's own.
    const [code = '', next] = location.hash.slice(1).split('&');
    if (status === null || location.pathname !== '/pair') return;
    // The code is good once; out of the address it cannot be bookmarked or shown by mistake.
    history.replaceState(null, '', location.pathname);
    const message: PairMessage = { type: 'pair', apiBase: location.origin, code, next: isNext(next) ? next : null };
    const result = code === '' ? 'no-code' : ((await browser.runtime.sendMessage(message)) as PairResult);
    const words = new Words(languageOf('auto', browser.i18n.getUILanguage(), navigator.language));
    document.documentElement.lang = words.language;
    document.querySelector('h1')?.replaceChildren(words.of('pairTitle'));
    status.replaceChildren(h('p', { lang: words.language }, words.of(SAYS[result], location.port)));
    status.dataset['state'] = result;
  },
});
