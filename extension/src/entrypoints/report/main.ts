import { browser } from 'wxt/browser';
import { linkedApi } from '../../background/api-client';
import { read } from '../../background/stored';
import { ofHash } from '../../history/about';
import { historyActions } from '../../history/actions';
import { prepare } from '../../history/report';
import { languageOf, Words } from '../../i18n/words';
import { h } from '../../ui/dom';

async function main(): Promise<void> {
  const words = new Words(languageOf(await read('language'), browser.i18n.getUILanguage(), navigator.language));
  const place = h('div', { class: 'report', role: 'status' });
  document.documentElement.lang = words.language;
  document.title = words.of('reportTitle');
  document.body.append(h('main', {}, h('h1', {}, words.of('reportTitle')), place));
  const about = ofHash(location.hash);
  if (about !== null) await prepare(place, about, words, historyActions(linkedApi));
}

void main();
