/** A report: the place, the words to send, the evidence in one file, what to do next. Koban sends nothing. */
import type { VNode } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { ReportRequest, ReportSheet, Text } from '../api/types';
import type { Key, Words } from '../i18n/words';
import { copied } from '../ui/clipboard';
import { draftBox } from '../ui/draft';
import { type Child, component, group, h, outward } from '../ui/virtual';

/** The subject of a report. */
export type About = ReportRequest;

export interface ReportActions {
  /** null where Koban cannot be asked. */
  sheet(about: About): Promise<ReportSheet | null>;
  /** The evidence as one file; null where nothing is remembered. */
  bundle(about: About): Promise<Blob | null>;
  save(name: string, content: BlobPart, type: string): void;
}

/** A subject of a report, under the name by which it is chosen. */
export interface Choice {
  about: About;
  name: string;
}

interface Props {
  words: Words;
  actions: ReportActions;
}

/** A button, and below it what it gathers. */
export function reporting(about: About, words: Words, actions: ReportActions): VNode {
  return reportingOne([{ about, name: '' }], words, actions);
}

/** The same for one of several, the first unless another is chosen. */
export function reportingOne(choices: readonly Choice[], words: Words, actions: ReportActions): VNode {
  const key = JSON.stringify(choices.map(({ about }) => about));
  return component(Reporting, { key, choices, words, actions });
}

function Reporting({ choices, words, actions }: Props & { choices: readonly Choice[] }): VNode {
  const [chosen, choose] = useState(0);
  const [sheet, show] = useState<ReportSheet | 'unreachable' | null>(null);
  const about = choices[chosen]?.about ?? choices[0]?.about;
  const prepare = async () => {
    if (about !== undefined) show((await actions.sheet(about)) ?? 'unreachable');
  };
  const onchange = ({ currentTarget }: Event) => {
    choose(Number((currentTarget as HTMLSelectElement).value));
    show(null);
  };
  const options = choices.map(({ name }, number) => h('option', { value: String(number) }, name));
  return h(
    'div',
    { class: 'reporting' },
    choices.length < 2
      ? null
      : h(
          'label',
          { class: 'choice' },
          h('span', {}, words.of('reportAbout')),
          h('select', { onchange, value: String(chosen) }, ...options),
        ),
    h('button', { type: 'button', onclick: () => void prepare() }, words.of('reportButton')),
    h(
      'div',
      { class: 'report', role: 'status' },
      ...(sheet === null || about === undefined ? [] : prepared(sheet, about, { words, actions })),
    ),
  );
}

/** The page of one report, gathered as it opens. */
export function reportPage(about: About | null, words: Words, actions: ReportActions): VNode {
  return component(ReportPage, { about, words, actions });
}

function ReportPage({ about, words, actions }: Props & { about: About | null }): VNode {
  const [sheet, show] = useState<ReportSheet | 'unreachable' | null>(null);
  useEffect(() => {
    if (about !== null) void actions.sheet(about).then((answer) => show(answer ?? 'unreachable'));
  }, [about, actions]);
  return h(
    'main',
    {},
    h('h1', {}, words.of('reportTitle')),
    h(
      'div',
      { class: 'report', role: 'status' },
      ...(about === null || sheet === null ? [] : prepared(sheet, about, { words, actions })),
    ),
  );
}

/** All that one needs to report, or that it cannot be had. */
function prepared(sheet: ReportSheet | 'unreachable', about: About, { words, actions }: Props): Child[] {
  if (sheet === 'unreachable') return [h('p', {}, words.of('reportUnreachable'))];
  return [
    ...placeParts(sheet, words),
    ...(sheet.text == null
      ? [h('p', {}, words.of('reportNothing'))]
      : [component(ReportText, { text: words.in(sheet.text), about, words, actions })]),
    h('h2', {}, words.of('reportNext')),
    h('ul', {}, ...sheet.next.map((step) => h('li', {}, words.in(step)))),
    h('h2', {}, words.of('reportMoney')),
    h('ul', {}, ...sheet.help.map((help) => helpRow(help, words))),
  ];
}

function placeParts({ place }: ReportSheet, words: Words): Child[] {
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
  ];
}

function helpRow(help: ReportSheet['help'][number], words: Words): VNode {
  return h(
    'li',
    {},
    outward(help.url, words.in(help.name)),
    /^https?:/.test(help.reach) ? null : h('strong', {}, ` ${help.reach}`),
    h('span', { class: 'none' }, ` ${words.in(help.for_what)}`),
    verified(help.url, help.verified, help.by, words),
  );
}

/** When something was last verified, from which page, and by what. */
function verified(source: string, day: string, by: Text, words: Words): VNode {
  return h(
    'p',
    { class: 'none' },
    outward(source, words.of('checkedOn', words.day(day))),
    words.of('verifiedBy', words.in(by)),
  );
}

function ReportText({ text, about, words, actions }: Props & { text: string; about: About }): VNode {
  const box = useRef<HTMLTextAreaElement>(null);
  const [status, setStatus] = useState<Key | null>(null);
  const copy = async () => {
    // The user may have reworded it.
    setStatus((await copied(box.current?.value ?? text)) ? 'copied' : 'copyFailed');
  };
  const keep = async () => {
    const bundle = await actions.bundle(about);
    if (bundle === null) setStatus('reportUnreachable');
    else actions.save('koban-report.zip', bundle, 'application/zip');
  };
  return group(
    'parts',
    h('h2', {}, words.of('reportText')),
    draftBox(text, { rows: '10', 'aria-label': words.of('reportText') }, box),
    h(
      'p',
      { class: 'buttons' },
      h('button', { type: 'button', onclick: () => void copy() }, words.of('copyButton')),
      h('button', { type: 'button', onclick: () => void keep() }, words.of('reportSave')),
      h('span', { class: 'none', role: 'status' }, status === null ? null : words.of(status)),
    ),
  );
}
