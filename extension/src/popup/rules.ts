/** The warning rules with their switches: by topic, and searched by every word of theirs. */
import type { RuleInfo, SettingsChange } from '../api/types';
import { h } from '../look/dom';
import { TOPICS } from '../lexicon.generated';
import { severityMark } from '../look/finding';
import { switchOf } from '../look/switch';
import type { Key, Words } from '../words/words';

/** Whether a rule acts on a site: its own word counts, else that for all sites. */
export function isOn(rule: RuleInfo, site: string | null): boolean {
  return (site === null ? undefined : rule.sites[site]) ?? rule.enabled;
}

/** Switch a rule everywhere; an exception for this site would keep the switch from acting here, so it goes. */
export function switched(rule: RuleInfo, site: string | null, on: boolean): SettingsChange {
  const change: SettingsChange = { rules: { [rule.id]: on } };
  if (site !== null && rule.sites[site] !== undefined) change.sites = { [site]: { rules: { [rule.id]: null } } };
  return change;
}

/** The rules whose title, reason, advice, example or id holds every word of the search. */
export function matching(rules: readonly RuleInfo[], search: string, words: Words): RuleInfo[] {
  const wanted = folded(search).split(/\s+/).filter(Boolean);
  return rules.filter((rule) => {
    const text = folded([words.in(rule.title), words.in(rule.reason), words.in(rule.advice), rule.example ?? '', rule.id].join(' '));
    return wanted.every((word) => text.includes(word));
  });
}

function folded(text: string): string {
  return text.normalize('NFKC').toLowerCase();
}

/** Rules in groups, in the order in which a deal meets them; topics that are not known come last. */
export function groups(rules: readonly RuleInfo[]): { topic: Key; rules: RuleInfo[] }[] {
  const topics = Object.entries<Key>(TOPICS);
  return [
    ...topics.map(([topic, key]) => ({ topic: key, rules: rules.filter((rule) => rule.topic === topic) })),
    { topic: 'topicOther' as Key, rules: rules.filter((rule) => !(rule.topic in TOPICS)) },
  ].filter((group) => group.rules.length > 0);
}

/** What the user looks for among the rules, kept between two drawings. */
export interface Search {
  words: string;
  /** The topics that are unfolded. */
  open: Set<Key>;
}

/** The list as it stands in the popup and in the options: its topics folded, but for a search. */
export function ruleList(
  rules: readonly RuleInfo[],
  site: string | null,
  words: Words,
  search: Search,
  change: (change: SettingsChange) => void,
): HTMLElement {
  if (rules.length === 0) return h('p', { class: 'none' }, words.of('rulesNone'));
  return h(
    'div',
    {},
    ...groups(rules).map(({ topic, rules: inTopic }) => {
      const searched = search.words.trim() !== '';
      const details = h(
        'details',
        {
          class: 'topic',
          open: searched || search.open.has(topic),
          ontoggle: () => {
            if (searched) return;
            if (details.open) search.open.add(topic);
            else search.open.delete(topic);
          },
        },
        h('summary', {}, words.of(topic), h('span', { class: 'count' }, String(inTopic.length))),
        ...inTopic.map((rule) => {
          const label = switchOf(words.in(rule.title), isOn(rule, site), (on) => change(switched(rule, site, on)));
          label.dataset['rule'] = rule.id;
          label.prepend(severityMark(rule.severity, words));
          return h('div', { class: 'rule' }, label, about(rule, words, searched));
        }),
      );
      return details;
    }),
  );
}

/** Why a rule is there, what it advises and words that it warns of: unfolded where these may be what was searched for. */
function about(rule: RuleInfo, words: Words, open: boolean): HTMLElement {
  return h(
    'details',
    { class: 'about', open },
    h('summary', {}, words.of('ruleWhy')),
    h('p', {}, words.in(rule.reason)),
    h('p', {}, words.in(rule.advice)),
    rule.example == null ? null : h('p', { class: 'none' }, words.of('ruleExample', rule.example)),
  );
}

/** The search box above the list, which it narrows as one types. */
export function searchedRules(
  rules: readonly RuleInfo[],
  site: string | null,
  words: Words,
  search: Search,
  change: (change: SettingsChange) => void,
): [HTMLElement, HTMLElement] {
  const draw = () => ruleList(matching(rules, search.words, words), site, words, search, change);
  let list = draw();
  const box = h('input', {
    type: 'search',
    'aria-label': words.of('rulesSearch'),
    placeholder: words.of('rulesSearch'),
    oninput: () => {
      search.words = box.value;
      const next = draw();
      list.replaceWith(next);
      list = next;
    },
  });
  box.value = search.words;
  return [box, list];
}
