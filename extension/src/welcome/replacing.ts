/** The page that asks whether the extension is to be linked to another Koban: opened where a pairing page wants it. */
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { Key, Words } from '../i18n/words';
import type { OfferedLink, PairResult } from '../messages';
import { component, h } from '../ui/virtual';

const SAYS: Record<PairResult, Key> = {
  paired: 'replaceDone',
  asked: 'replaceOld',
  used: 'pairUsed',
  stranger: 'pairStranger',
  unreachable: 'pairUnreachable',
  failed: 'pairFailed',
};

interface Props {
  words: Words;
  /** null where the question is over. */
  offered: OfferedLink | null;
  replace(): Promise<PairResult>;
}

/** Asks until it is answered. Only a person's own click replaces a link. */
export function replacingPage(props: Props): VNode {
  return component(ReplacingPage, props);
}

function ReplacingPage({ words, offered, replace }: Props): VNode {
  const [isOpen, setOpen] = useState(offered !== null);
  const [status, setStatus] = useState<Key | null>(offered === null ? 'replaceOld' : null);
  const keep = () => {
    setOpen(false);
    setStatus('replaceKept');
  };
  const go = async () => {
    setOpen(false);
    setStatus(SAYS[await replace()]);
  };
  const question =
    offered === null
      ? []
      : [
          h('p', { class: 'line' }, words.of('replaceLine', offered.from, offered.to)),
          h('p', {}, words.of('replaceAdvice')),
        ];
  const buttons = h(
    'div',
    { class: 'buttons' },
    h('button', { type: 'button', class: 'keep', onclick: keep }, words.of('replaceNo')),
    h(
      'button',
      { type: 'button', class: 'replace', onclick: (event) => event.isTrusted && void go() },
      words.of('replaceYes'),
    ),
  );
  return h(
    'main',
    {},
    h('h1', {}, words.of('replaceTitle')),
    ...question,
    isOpen ? buttons : null,
    h('p', { role: 'status' }, status === null ? null : words.of(status)),
  );
}
