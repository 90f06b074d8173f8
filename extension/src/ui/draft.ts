/**
 * A box whose text is stored elsewhere: it follows what is stored, but for what the user has written and not stored
 * yet.
 */
import type { RefObject, VNode } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { type Attribute, component, h } from './virtual';

interface Props {
  text: string;
  attributes: Record<string, Attribute>;
  box?: RefObject<HTMLTextAreaElement | null>;
}

/**
 * `text`: what is stored. The box's `defaultValue` is what was stored last; where its `value` differs, that is a
 * draft.
 */
export function draftBox(
  text: string,
  attributes: Record<string, Attribute>,
  box?: RefObject<HTMLTextAreaElement | null>,
): VNode {
  return component(DraftBox, { text, attributes, ...(box === undefined ? {} : { box }) });
}

function DraftBox({ text, attributes, box }: Props): VNode {
  const own = useRef<HTMLTextAreaElement>(null);
  const ref = box ?? own;
  useLayoutEffect(() => {
    if (ref.current === null) return;
    const isDraft = holdsDraft(ref.current);
    ref.current.defaultValue = text;
    if (!isDraft) ref.current.value = text;
  }, [ref, text]);
  return h('textarea', { ...attributes, ref });
}

export function holdsDraft(box: HTMLTextAreaElement): boolean {
  return box.value !== box.defaultValue;
}

/** The box's text was stored: it is no draft any more. */
export function stored(box: HTMLTextAreaElement, text: string): void {
  box.defaultValue = text;
}
