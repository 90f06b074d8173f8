/** The warning rules with their switches: by topic, and searched by every word of theirs. */
import type { VNode } from 'preact';
import { useRef, useState } from 'preact/hooks';
import type { RuleInfo, SettingsChange } from '../api/types';
import type { Key, Words } from '../i18n/words';
import { TOPICS } from '../lexicon.generated';
import { severityMark, severityWord } from '../ui/finding';
import { component, group, h, switchOf, VIRTUAL } from '../ui/virtual';

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

/**
 * The rules of which each word of the search is shown: in title, reason, advice, example, topic or severity; or of whose
 * id it begins a part ("line" is no part of `after-decline`).
 */
export function matching(rules: readonly RuleInfo[], search: string, words: Words): RuleInfo[] {
  const queryWords = folded(search).split(/\s+/).filter(Boolean);
  return rules.filter((rule) => {
    const texts = [rule.title, rule.reason, rule.advice].map((each) => words.in(each));
    const labels = [topicOf(rule), severityWord(rule.severity)].map((key) => words.of(key));
    const text = folded([...texts, ...labels, rule.example ?? ''].join('\n'));
    return queryWords.every((word) => text.includes(word) || `-${rule.id}`.includes(`-${word}`));
  });
}

function topicOf({ topic }: RuleInfo): Key {
  return (TOPICS as Partial<Record<string, Key>>)[topic] ?? 'topicOther';
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

interface Props {
  rules: readonly RuleInfo[];
  /** The site whose switches are meant; null for those of all sites. */
  site: string | null;
  words: Words;
  change(change: SettingsChange): void;
}

/** The rules by topic, with a search box that narrows them as one types. */
export function searchedRules(props: Props): VNode {
  return component(SearchedRules, props);
}

function SearchedRules(props: Props): VNode {
  const { rules, words } = props;
  const [search, setSearch] = useState('');
  return group(
    'parts',
    h('input', {
      type: 'search',
      'aria-label': words.of('rulesSearch'),
      placeholder: words.of('rulesSearch'),
      oninput: ({ currentTarget }) => setSearch((currentTarget as HTMLInputElement).value),
    }),
    component(RuleList, { ...props, rules: matching(rules, search, words), isSearched: search.trim() !== '' }),
  );
}

/** The topics are folded, but while one searches. */
function RuleList({ rules, site, words, change, isSearched }: Props & { isSearched: boolean }): VNode {
  const [unfolded, unfold] = useState<ReadonlySet<Key>>(new Set());
  // What a search unfolds tells of it by the same event as what the user does.
  const searching = useRef(isSearched);
  searching.current = isSearched;
  if (rules.length === 0) return h('p', { class: 'none' }, words.of('rulesNone'));
  const topics = groups(rules).map(({ topic, rules: inTopic }) => {
    const isOpen = isSearched || unfolded.has(topic);
    const ontoggle = ({ currentTarget }: Event) => {
      const { open } = currentTarget as HTMLDetailsElement;
      if (searching.current || open === isOpen) return;
      unfold((topics) => new Set(open ? [...topics, topic] : [...topics].filter((other) => other !== topic)));
    };
    return h(
      'details',
      { key: topic, class: 'topic', open: isOpen, ontoggle },
      h('summary', {}, words.of(topic), h('span', { class: 'count' }, String(inTopic.length))),
      ...inTopic.map((rule) =>
        h(
          'div',
          { key: rule.id, class: 'rule' },
          switchOf(words.in(rule.title), isOn(rule, site), (on) => change(switched(rule, site, on)), {
            before: severityMark(VIRTUAL, rule.severity, words),
            rule: rule.id,
          }),
          about(rule, words, isSearched),
        ),
      ),
    );
  });
  return h('div', {}, ...topics);
}

/**
 * Why a rule is there, what it advises and words that it warns of: unfolded where these may be what was searched for.
 */
function about(rule: RuleInfo, words: Words, open: boolean): VNode {
  return h(
    'details',
    { class: 'about', open },
    h('summary', {}, words.of('ruleWhy')),
    h('p', {}, words.in(rule.reason)),
    h('p', {}, words.in(rule.advice)),
    rule.example == null ? null : h('p', { class: 'none' }, words.of('ruleExample', rule.example)),
  );
}
