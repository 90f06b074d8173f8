import { browser } from 'wxt/browser';
import { linkedApi } from '../../background/linked';
import { read } from '../../background/stored';
import { ofHash } from '../../history/about';
import { doingOf } from '../../history/doing';
import { prepare } from '../../history/report';
import { h } from '../../look/dom';
import { languageOf, Words } from '../../words/words';

async function main(): Promise<void> {
  const words = new Words(languageOf(await read('language'), browser.i18n.getUILanguage(), navigator.language));
  const place = h('div', { class: 'report', role: 'status' });
  document.documentElement.lang = words.language;
  document.title = words.of('reportTitle');
  document.body.append(h('main', {}, h('h1', {}, words.of('reportTitle')), place));
  const about = ofHash(location.hash);
  if (about !== null) await prepare(place, about, words, doingOf(linkedApi));
}

void main();
