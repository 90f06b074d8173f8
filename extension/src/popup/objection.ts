/** Objections to a warning that is not wanted: it goes at once, and can be brought back. Nothing is sent anywhere. */

import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { withoutFragment } from '../address';
import type { Finding, PageVerdict, Settings, SettingsChange, Text } from '../api/types';
import type { Key, Words } from '../i18n/words';
import type { Removal } from '../messages';
import { isList } from '../states';
import { copied } from '../ui/clipboard';
import { type Child, component, h, outward } from '../ui/virtual';

export interface Against {
  finding: Finding;
  shown: PageVerdict;
  site: { id: string; name: Text } | null;
  /** `<site>:<id>` of the page's one client. */
  client: string | null;
  settings: Settings | null;
  version: string;
  tracker: string | null;
}

/** A warning that was taken away, and the change that brings it back. */
export interface TakenAway extends Pick<Removal, 'key' | 'undo'> {
  against: Against;
}

/** A text that may be sent to Koban's makers: which rule, where, which version, and nothing of the page. */
export function reportText({ finding, site, version }: Against, words: Words): string {
  return words.of('wrongReport', finding.rule, site?.id ?? '-', version);
}

/** The names under which a rule's warning is called wrong: on a list, that of each card that has it. */
export function wrongKeys({ finding, shown }: Against): string[] {
  const { site, kind, findings } = shown.verdict;
  const page = withoutFragment(shown.url);
  const same = (findings ?? []).filter(
    ({ rule, subject_id: id, anchor }) =>
      rule === finding.rule && (isList(kind) || (id === finding.subject_id && anchor === finding.anchor)),
  );
  return [...new Set(same.map((each) => `${each.rule}@${site ?? ''}@${each.subject_id ?? each.anchor ?? page}`))];
}

export type Take = (change: SettingsChange, taken: TakenAway) => void;

/** Says that a warning is wrong. `take` gets what is to change, and how that is undone. */
export function wrongButton(against: Against, words: Words, today: string, take: Take): VNode {
  const all = (value: string | null) => Object.fromEntries(wrongKeys(against).map((key) => [key, value]));
  const onclick = () => take({ wrong: all(today) }, { key: 'wrongGone', against, undo: { wrong: all(null) } });
  return h(
    'button',
    { type: 'button', class: 'wrong', 'data-rule': against.finding.rule, onclick },
    words.of('objectionWrong'),
  );
}

/** Switches a warning's rule off. `isShort`: it stands beside the title, which says what it switches. */
export function ruleOffButton(against: Against, words: Words, take: Take, isShort = false): VNode {
  const { rule, title } = against.finding;
  const [change, undo] = ruleOff(against);
  const onclick = () => take(change, { key: 'ruleGone', against, undo });
  return h(
    'button',
    {
      type: 'button',
      class: isShort ? 'rule-off short' : 'rule-off',
      'data-rule': rule,
      'aria-label': isShort ? words.of('objectionRuleOf', words.in(title)) : null,
      onclick,
    },
    words.of(isShort ? 'objectionRuleShort' : 'objectionRule'),
  );
}

/** The change that switches a warning's rule off here, and the one that undoes it. */
function ruleOff({ finding: { rule }, site, settings }: Against): [change: SettingsChange, undo: SettingsChange] {
  const before = settings?.rules?.[rule] ?? null;
  const exception = site === null ? undefined : settings?.sites?.[site.id]?.rules?.[rule];
  if (site === null || exception === undefined) return [{ rules: { [rule]: false } }, { rules: { [rule]: before } }];
  // An exception for this site would keep the switch from acting here.
  const of = (all: boolean | null, here: boolean | null) => ({
    rules: { [rule]: all },
    sites: { [site.id]: { rules: { [rule]: here } } },
  });
  return [of(false, null), of(before, exception)];
}

/** The line of a warning that was taken away: its undo, further objections, and a text for the project. */
export function takenAway(taken: TakenAway, words: Words, undo: () => void, take: Take): Child[] {
  const { against, key } = taken;
  const line = takenLine(words.of(key, words.in(against.finding.title)), words, undo);
  if (key !== 'wrongGone') return [line];
  const actions = h('p', { class: 'actions' }, ruleOffButton(against, words, take), clientOff(taken, words, take));
  return [line, actions, component(TellProject, { key: against.finding.rule, against, words })];
}

/** What was taken away, with its undo. */
export function takenLine(line: string, words: Words, undo: () => void): VNode {
  return h(
    'p',
    { class: 'taken' },
    h('span', {}, line),
    h('button', { type: 'button', class: 'undo', onclick: undo }, words.of('undoButton')),
  );
}

function clientOff({ against, undo }: TakenAway, words: Words, take: Take): VNode | null {
  const { client } = against;
  if (client === null) return null;
  const clients = (isMuted: true | null) => ({ clients: { [client]: { muted: isMuted } } });
  const onclick = () => take(clients(true), { key: 'wrongGone', against, undo: { ...undo, ...clients(null) } });
  return h('button', { type: 'button', class: 'client-off', onclick }, words.of('objectionClient'));
}

/** A text for Koban's makers, to copy. Nothing is sent. */
function TellProject({ against, words }: { against: Against; words: Words }): VNode {
  const [status, setStatus] = useState<Key | null>(null);
  const text = reportText(against, words);
  const copy = async () => setStatus((await copied(text)) ? 'copied' : 'copyFailed');
  return h(
    'details',
    { class: 'tell' },
    h('summary', {}, words.of('wrongTell')),
    h('p', { class: 'none' }, words.of('wrongTellLine')),
    h('textarea', { readonly: true, rows: '4', 'aria-label': words.of('wrongReportName'), value: text }),
    h(
      'p',
      { class: 'buttons' },
      h('button', { type: 'button', onclick: () => void copy() }, words.of('copyButton')),
      h('span', { class: 'none', role: 'status' }, status === null ? null : words.of(status)),
    ),
    against.tracker === null
      ? h('p', { class: 'none' }, words.of('wrongNoTracker'))
      : h('p', {}, outward(against.tracker, words.of('wrongTracker'))),
  );
}
