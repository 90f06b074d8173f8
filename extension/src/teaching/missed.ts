/** "This should have warned": a text that the user marked in the page or pastes, and what it is like. */
import type { LessonInfo, RuleInfo } from '../api/types';
import type { Words } from '../i18n/words';
import { h } from '../ui/dom';
import type { TeachActions } from './actions';

export interface MissedActions extends Pick<TeachActions, 'teach'> {
  /** What is marked in the page; empty where nothing is. */
  selection(): Promise<string>;
}

/** A choice of the risks that Koban knows, each by the title of its first rule. */
function riskChoice(rules: readonly RuleInfo[], words: Words): HTMLSelectElement {
  const risks = new Map<string, string>();
  for (const rule of rules)
    if (rule.status === 'stable' && !risks.has(rule.risk)) risks.set(rule.risk, words.in(rule.title));
  return h(
    'select',
    { id: 'missed-risk' },
    h('option', { value: '' }, words.of('missedRiskUnknown')),
    ...[...risks].map(([risk, title]) => h('option', { value: risk }, title)),
  );
}

/** Folded, until it is wanted. `taken` is told of the lesson. */
export function missedEntry(
  rules: readonly RuleInfo[],
  words: Words,
  actions: MissedActions,
  taken: (lesson: LessonInfo) => void,
): HTMLElement {
  const box = h('textarea', { id: 'missed-text', rows: '4', maxlength: '6000' });
  const risk = riskChoice(rules, words);
  const said = h('p', { role: 'status' });
  const teach = async () => {
    const lesson = await actions.teach({ warns: true, rule: '', risk: risk.value, texts: [box.value] });
    if (typeof lesson === 'string') {
      said.textContent = words.of(lesson === 'refused' ? 'missedRefused' : 'missedFailed');
      return;
    }
    box.value = said.textContent = '';
    details.open = false;
    taken(lesson);
  };
  const details = h(
    'details',
    {
      class: 'missed',
      ontoggle: () => {
        // What is being written here is not overwritten.
        if (details.open) void actions.selection().then((text) => (box.value ||= text));
      },
    },
    h('summary', {}, words.of('missedHeading')),
    h('p', {}, words.of('missedLine')),
    h('label', { for: 'missed-text' }, words.of('missedText')),
    box,
    h('label', { for: 'missed-risk' }, words.of('missedRisk')),
    risk,
    h('button', { type: 'button', onclick: () => void teach() }, words.of('missedButton')),
    said,
  );
  return details;
}
