/** The cards of a list that a warning is of, by their titles; each leads to its card in the page. */
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { Finding, Verdict } from '../api/types';
import type { Words } from '../i18n/words';
import type { CardTitles } from '../messages';
import { isList } from '../states';
import { component, h } from '../ui/virtual';

export interface CardActions {
  /** The titles of the page's cards by anchor. */
  cardTitles(anchors: readonly string[]): Promise<CardTitles>;
  /** Lead to a card in the page. Returns whether the page still has it. */
  lead(anchor: string): Promise<boolean>;
}

/** Titles in sight before the others are folded: with more, the pause would leave the first 600 pixels. */
const MOST_IN_SIGHT = 2;

/** The anchors of the cards that a list's findings are of; empty for a page that is no list. */
export function cardAnchors(verdict: Pick<Verdict, 'findings' | 'kind'> | undefined): string[] {
  if (!isList(verdict?.kind)) return [];
  return [...new Set((verdict?.findings ?? []).flatMap(({ anchor }) => anchor ?? []))];
}

/** The cards that a rule's warnings are of, in the page's order; null where no title is known. */
export function cardsOf(
  rule: string,
  findings: readonly Finding[],
  titles: CardTitles,
  words: Words,
  lead: CardActions['lead'],
): VNode | null {
  const anchors = new Set(findings.flatMap((finding) => (finding.rule === rule ? (finding.anchor ?? []) : [])));
  const rows = [...anchors].flatMap((anchor) => {
    const title = titles[anchor];
    return title === undefined ? [] : [component(CardRow, { key: anchor, anchor, title, words, lead })];
  });
  if (rows.length === 0) return null;
  const rest = rows.slice(MOST_IN_SIGHT);
  return h(
    'div',
    { class: 'cards' },
    h('ul', {}, ...rows.slice(0, MOST_IN_SIGHT)),
    rest.length === 0
      ? null
      : h('details', {}, h('summary', {}, words.of('moreCards', rest.length)), h('ul', {}, ...rest)),
  );
}

interface RowProps {
  anchor: string;
  title: string;
  words: Words;
  lead: CardActions['lead'];
}

function CardRow({ anchor, title, words, lead }: RowProps): VNode {
  const [isGone, setGone] = useState(false);
  const onclick = () => void lead(anchor).then((isThere) => setGone(!isThere));
  return h(
    'li',
    {},
    h('button', { type: 'button', class: 'lead', title: words.of('leadToCard', title), onclick }, title),
    h('span', { role: 'status', class: 'none' }, isGone ? words.of('cardGone') : null),
  );
}
