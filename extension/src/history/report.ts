/** A report: the place, the words to send, the evidence in one file, what to do next. Koban sends nothing. */
import type { ReportRequest, ReportSheet, Text } from '../api/types';
import type { Words } from '../i18n/words';
import { h, outward } from '../ui/dom';

/** What a report is on, and what to call it. */
export type About = ReportRequest;

export interface ReportActions {
  /** null where Koban cannot be asked. */
  sheet(about: About): Promise<ReportSheet | null>;
  /** The evidence as one file; null where nothing is remembered. */
  bundle(about: About): Promise<Blob | null>;
  save(name: string, content: BlobPart, type: string): void;
}

/** What one may report on, under the name by which it is chosen. */
export interface Choice {
  about: About;
  name: string;
}

/** A button, and below it what it gathers. */
export function reporting(about: About, words: Words, actions: ReportActions): HTMLElement {
  return reportingOne([{ about, name: '' }], words, actions);
}

/** The same for one of several, the first unless another is chosen. */
export function reportingOne(choices: readonly Choice[], words: Words, actions: ReportActions): HTMLElement {
  const place = h('div', { class: 'report', role: 'status' });
  const select = h(
    'select',
    { onchange: () => place.replaceChildren() },
    ...choices.map(({ name }, number) => h('option', { value: String(number) }, name)),
  );
  const make = async () => {
    const about = choices[Number(select.value)]?.about ?? choices[0]?.about;
    if (about !== undefined) await prepare(place, about, words, actions);
  };
  return h(
    'div',
    { class: 'reporting' },
    choices.length < 2 ? null : h('label', { class: 'choice' }, h('span', {}, words.of('reportAbout')), select),
    h('button', { type: 'button', onclick: () => void make() }, words.of('reportButton')),
    place,
  );
}

/** Put into a place all that one needs to report, or that it cannot be had. */
export async function prepare(place: HTMLElement, about: About, words: Words, actions: ReportActions): Promise<void> {
  const sheet = await actions.sheet(about);
  place.replaceChildren(
    ...(sheet === null ? [h('p', {}, words.of('reportUnreachable'))] : sheetParts(sheet, about, words, actions)),
  );
}

function sheetParts(sheet: ReportSheet, about: About, words: Words, actions: ReportActions): HTMLElement[] {
  const { place } = sheet;
  return [
    h('p', { class: 'nothing-sent' }, words.of('reportLine')),
    h('h2', {}, words.of('reportPlace')),
    h('p', {}, words.in(place.operator)),
    // Which of the site's own buttons to press, or that nobody knows: never a link that takes no reports.
    h(
      'p',
      { class: place.path == null ? 'way unknown' : 'way' },
      place.path == null ? words.of('reportPathUnknown') : words.in(place.path),
    ),
    place.url == null ? null : h('p', {}, outward(place.url, words.of('reportForm'))),
    place.source != null
      ? verified(place.source, place.verified, place.by, words)
      : place.help == null
        ? null
        : h('p', { class: 'none' }, outward(place.help, words.of('reportHelp'))),
    ...(sheet.text == null
      ? [h('p', {}, words.of('reportNothing'))]
      : textParts(words.in(sheet.text), about, words, actions)),
    h('h2', {}, words.of('reportNext')),
    h('ul', {}, ...sheet.next.map((each) => h('li', {}, words.in(each)))),
    h('h2', {}, words.of('reportMoney')),
    h(
      'ul',
      {},
      ...sheet.help.map((each) =>
        h(
          'li',
          {},
          outward(each.url, words.in(each.name)),
          /^https?:/.test(each.reach) ? null : h('strong', {}, ` ${each.reach}`),
          h('span', { class: 'none' }, ` ${words.in(each.for_what)}`),
          verified(each.url, each.verified, each.by, words),
        ),
      ),
    ),
  ].filter((part) => part !== null);
}

/** When something was last verified, from which page, and by what. */
function verified(source: string, day: string, by: Text, words: Words): HTMLElement {
  return h(
    'p',
    { class: 'none' },
    outward(source, words.of('checkedOn', words.day(day))),
    words.of('verifiedBy', words.in(by)),
  );
}

function textParts(text: string, about: About, words: Words, actions: ReportActions): HTMLElement[] {
  const said = h('span', { class: 'none', role: 'status' });
  const box = h('textarea', { rows: '10', 'aria-label': words.of('reportText') });
  box.value = text;
  const copy = async () => {
    // The user may have worded it anew.
    await navigator.clipboard.writeText(box.value);
    said.textContent = words.of('copied');
  };
  const keep = async () => {
    const bundle = await actions.bundle(about);
    if (bundle === null) said.textContent = words.of('reportUnreachable');
    else actions.save('koban-report.zip', bundle, 'application/zip');
  };
  return [
    h('h2', {}, words.of('reportText')),
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
