/** "This should have warned": a text that the user marked in the page or pastes, and what it is like. */
import type { VNode } from 'preact';
import { useRef, useState } from 'preact/hooks';
import { LONGEST_LESSON } from '../api/bounds.generated';
import type { LessonInfo, RuleInfo } from '../api/types';
import type { Key, Words } from '../i18n/words';
import { component, h } from '../ui/virtual';
import type { TeachActions } from './actions';

export interface MissedActions extends Pick<TeachActions, 'teach'> {
  /** The selected text of the page; empty where there is none. */
  selection(): Promise<string>;
}

interface Props {
  rules: readonly RuleInfo[];
  words: Words;
  actions: MissedActions;
  /** Called with the lesson. */
  taught(lesson: LessonInfo): void;
}

/** Folded, until it is wanted. */
export function missedEntry(props: Props): VNode {
  return component(MissedEntry, props);
}

/** The risks that Koban knows, each by the title of its first rule. */
function riskOptions(rules: readonly RuleInfo[], words: Words): VNode[] {
  const risks = new Map<string, string>();
  for (const rule of rules) {
    if (rule.status === 'stable' && !risks.has(rule.risk)) risks.set(rule.risk, words.in(rule.title));
  }
  return [
    h('option', { value: '' }, words.of('missedRiskUnknown')),
    ...[...risks].map(([risk, title]) => h('option', { key: risk, value: risk }, title)),
  ];
}

function MissedEntry({ rules, words, actions, taught }: Props): VNode {
  const details = useRef<HTMLDetailsElement>(null);
  const box = useRef<HTMLTextAreaElement>(null);
  const risk = useRef<HTMLSelectElement>(null);
  const [status, setStatus] = useState<Key | null>(null);
  const teach = async () => {
    if (box.current === null) return;
    const texts = [box.current.value];
    const lesson = await actions.teach({ warns: true, rule: '', risk: risk.current?.value ?? '', texts });
    if (typeof lesson === 'string') return setStatus(lesson === 'refused' ? 'missedRefused' : 'missedFailed');
    box.current.value = '';
    setStatus(null);
    if (details.current !== null) details.current.open = false;
    taught(lesson);
  };
  const ontoggle = async () => {
    if (!details.current?.open) return;
    const text = await actions.selection();
    // What is being written here is not overwritten.
    if (box.current?.value === '') box.current.value = text;
  };
  return h(
    'details',
    { ref: details, class: 'missed', ontoggle: () => void ontoggle() },
    h('summary', {}, words.of('missedHeading')),
    h('p', {}, words.of('missedLine')),
    h('label', { for: 'missed-text' }, words.of('missedText')),
    h('textarea', { ref: box, id: 'missed-text', rows: '4', maxlength: String(LONGEST_LESSON) }),
    h('label', { for: 'missed-risk' }, words.of('missedRisk')),
    h('select', { ref: risk, id: 'missed-risk' }, ...riskOptions(rules, words)),
    h('button', { type: 'button', onclick: () => void teach() }, words.of('missedButton')),
    h('p', { role: 'status' }, status === null ? null : words.of(status)),
  );
}
