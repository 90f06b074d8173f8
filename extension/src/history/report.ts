/** A report: the place, the words to send, the evidence in one file, what to do next. Koban sends nothing. */
import type { ReportSheet } from '../api/types';
import { h, outward } from '../look/dom';
import type { Words } from '../words/words';

export interface About {
  site: string;
  deal?: string;
  client?: string;
}

export interface ReportDoing {
  /** null where Koban cannot be asked. */
  sheet(about: About): Promise<ReportSheet | null>;
  /** The evidence as one file; null where nothing is remembered. */
  bundle(about: About): Promise<Blob | null>;
  save(name: string, content: BlobPart, type: string): void;
}

/** A button, and below it what it gathers. */
export function reporting(about: About, words: Words, does: ReportDoing): HTMLElement {
  const place = h('div', { class: 'report', role: 'status' });
  const make = async () => {
    const sheet = await does.sheet(about);
    place.replaceChildren(...(sheet === null ? [h('p', {}, words.of('reportUnreachable'))] : sheetParts(sheet, about, words, does)));
  };
  return h('div', { class: 'reporting' }, h('button', { type: 'button', onclick: () => void make() }, words.of('reportButton')), place);
}

function sheetParts(sheet: ReportSheet, about: About, words: Words, does: ReportDoing): HTMLElement[] {
  const { place } = sheet;
  return [
    h('p', { class: 'nothing-sent' }, words.of('reportLine')),
    h('h3', {}, words.of('reportPlace')),
    h('p', {}, outward(place.url, words.in(place.operator))),
    place.path == null ? h('p', { class: 'none' }, words.of('reportPathUnknown')) : h('p', {}, words.in(place.path)),
    place.verified == null
      ? null
      : h('p', { class: 'none' }, place.source == null ? words.of('checkedOn', words.day(place.verified)) : outward(place.source, words.of('checkedOn', words.day(place.verified)))),
    ...(sheet.text == null ? [h('p', {}, words.of('reportNothing'))] : textParts(words.in(sheet.text), about, words, does)),
    h('h3', {}, words.of('reportNext')),
    h('ul', {}, ...sheet.next.map((each) => h('li', {}, words.in(each)))),
    h('h3', {}, words.of('reportMoney')),
    h(
      'ul',
      {},
      ...sheet.help.map((each) =>
        h('li', {}, outward(each.url, words.in(each.name)), /^https?:/.test(each.reach) ? null : h('strong', {}, ` ${each.reach}`), h('span', { class: 'none' }, ` ${words.in(each.for_what)}`)),
      ),
    ),
  ].filter((part) => part !== null);
}

function textParts(text: string, about: About, words: Words, does: ReportDoing): HTMLElement[] {
  const said = h('span', { class: 'none', role: 'status' });
  const box = h('textarea', { rows: '10', 'aria-label': words.of('reportText') });
  box.value = text;
  const copy = async () => {
    // The user may have worded it anew.
    await navigator.clipboard.writeText(box.value);
    said.textContent = words.of('copied');
  };
  const keep = async () => {
    const bundle = await does.bundle(about);
    if (bundle === null) said.textContent = words.of('reportUnreachable');
    else does.save('koban-report.zip', bundle, 'application/zip');
  };
  return [
    h('h3', {}, words.of('reportText')),
    box,
    h(
      'p',
      { class: 'buttons' },
      h('button', { type: 'button', onclick: () => void copy() }, words.of('copyButton')),
      h('button', { type: 'button', onclick: () => void keep() }, words.of('reportSave')),
      said,
    ),
  ];
}
