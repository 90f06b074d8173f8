import { browser } from 'wxt/browser';
import { read } from '../../background/stored';
import { languageOf, Words } from '../../i18n/words';
import type { OfferedLink, OfferMessage, PairResult } from '../../messages';
import { Replacing } from '../../welcome/replacing';

const id = location.hash.slice(1);
const ask = <T>(message: OfferMessage) => browser.runtime.sendMessage(message) as Promise<T>;

async function main(): Promise<void> {
  const words = new Words(languageOf(await read('language'), browser.i18n.getUILanguage(), navigator.language));
  new Replacing(document.body, words, await ask<OfferedLink | null>({ type: 'offer', id }), () =>
    ask<PairResult>({ type: 'replace', id }),
  );
}

void main();
