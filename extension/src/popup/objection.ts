/** What one can do about a warning that is not wanted: three choices in one place, and nothing sent anywhere. */
import type { Finding, SettingsChange, Text } from '../api/types';
import { h } from '../look/dom';
import type { Key } from '../words/words';
import type { Words } from '../words/words';

export interface Against {
  finding: Finding;
  site: { id: string; name: Text } | null;
  /** `<site>:<id>` of the page's one client. */
  client: string | null;
  version: string;
}

/** A text that may be sent to Koban's makers: which rule, where, which version, and nothing of the page. */
export function reportText({ finding, site, version }: Against, words: Words): string {
  return words.of('wrongReport', finding.rule, site?.id ?? '-', version).replaceAll('\\n', '\n');
}

/** Folded choices below a finding. `today`: ISO 8601. `wronged` is told of a warning that is called wrong. */
export function objection(against: Against, words: Words, today: string, change: (change: SettingsChange) => void, wronged: (finding: Finding) => void = () => undefined): HTMLElement {
  const { finding, site, client } = against;
  const said = h('div', { class: 'said', 'aria-live': 'polite' });
  const choice = (key: Key, does: () => void, ...parts: string[]) =>
    h('button', { type: 'button', onclick: does }, words.of(key, ...parts));
  const wrong = () => {
    change({ wrong: { [`${finding.rule}@${site?.id ?? ''}`]: today } });
    const box = h('textarea', { readonly: true, rows: '5', 'aria-label': words.of('wrongReportName') });
    box.value = reportText(against, words);
    const copy = h('button', { type: 'button', onclick: () => void navigator.clipboard.writeText(box.value) }, words.of('copyButton'));
    said.replaceChildren(h('p', {}, words.of('wrongNoted')), box, copy);
    box.focus();
    box.select();
    wronged(finding);
  };
  return h(
    'details',
    { class: 'objection' },
    h('summary', {}, words.of('objectionHeading')),
    site === null ? null : choice('objectionSite', () => change({ sites: { [site.id]: { enabled: false } } }), words.in(site.name)),
    client === null ? null : choice('objectionClient', () => change({ clients: { [client]: { muted: true } } })),
    choice('objectionWrong', wrong),
    said,
  );
}
