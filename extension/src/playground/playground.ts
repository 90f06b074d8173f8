/** The playground: a text is pasted, judged by the Koban of this machine, and shown with the words that were the reason. */
import type { VNode } from 'preact';
import { useRef, useState } from 'preact/hooks';
import { LONGEST_TEXT } from '../api/bounds.generated';
import type { TextKind, Verdict } from '../api/types';
import { Words } from '../i18n/words';
import type { KobanState } from '../messages';
import { component, group, h, Root } from '../ui/virtual';
import { trialResult } from '../welcome/trial';
import { markedText } from './marked-text';

export interface PlaygroundActions {
  /** The verdict of a text; null where Koban could not be asked. */
  check(kind: TextKind, text: string): Promise<Verdict | null>;
}

export class Playground {
  private readonly root: Root;

  constructor(
    element: HTMLElement,
    private readonly actions: PlaygroundActions,
  ) {
    this.root = new Root(element);
  }

  show({ language, health }: Pick<KobanState, 'language' | 'health'>): void {
    const words = new Words(language);
    document.documentElement.lang = language;
    document.title = words.of('playgroundTitle');
    this.root.draw(
      h(
        'main',
        {},
        h('h1', {}, words.of('playgroundTitle')),
        h('p', {}, words.of('playgroundLine')),
        component(Bench, { words, health, actions: this.actions }),
      ),
    );
  }
}

interface BenchProps {
  words: Words;
  health: KobanState['health'];
  actions: PlaygroundActions;
}

/** A text that was judged; the verdict is null where Koban could not be asked. */
interface Judged {
  text: string;
  verdict: Verdict | null;
}

function Bench({ words, health, actions }: BenchProps): VNode {
  const box = useRef<HTMLTextAreaElement>(null);
  const [kind, setKind] = useState<TextKind>('message');
  const [judged, setJudged] = useState<Judged | null>(null);
  const check = async (event: Event) => {
    event.preventDefault();
    const text = box.current?.value ?? '';
    if (text.trim() === '') return;
    setJudged({ text, verdict: await actions.check(kind, text) });
  };
  const choice = (value: TextKind, key: 'playgroundMessage' | 'playgroundJob') =>
    h(
      'label',
      {},
      h('input', { type: 'radio', name: 'kind', value, checked: kind === value, onchange: () => setKind(value) }),
      words.of(key),
    );
  return group(
    'bench',
    h(
      'form',
      { onsubmit: (event: Event) => void check(event) },
      h(
        'fieldset',
        {},
        h('legend', {}, words.of('playgroundKind')),
        choice('message', 'playgroundMessage'),
        choice('job', 'playgroundJob'),
      ),
      h('label', { for: 'text' }, words.of('playgroundText')),
      h('textarea', { id: 'text', ref: box, rows: '8', maxlength: String(LONGEST_TEXT) }),
      h('button', { type: 'submit', class: 'main' }, words.of('playgroundButton')),
    ),
    h('div', { class: 'result', 'aria-live': 'polite' }, ...(judged === null ? [] : result(judged, health, words))),
  );
}

function result({ text, verdict }: Judged, health: KobanState['health'], words: Words): VNode[] {
  if (verdict === null) return [group('failed', ...trialResult('failed', health, words))];
  const parts = markedText(text, verdict.findings);
  const page = { url: '', judged_at: '', feed: 'extension' as const, verdict, awaits: false };
  return [
    group('verdict', ...trialResult(page, health, words)),
    ...(parts.some((part) => typeof part !== 'string')
      ? [h('h2', { key: 'heading' }, words.of('playgroundMarked'))]
      : []),
    h('p', { key: 'text', class: 'whole' }, ...parts),
  ];
}
