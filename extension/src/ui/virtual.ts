/**
 * Elements of the extension's own pages: virtual nodes, which preact compares with those of before. What the user
 * types, unfolds and has the focus in stays where it is when a page is drawn again. Text goes in as text only.
 */
import {
  type ComponentChildren,
  createElement,
  Fragment,
  type FunctionComponent,
  type RefObject,
  render,
  type VNode,
} from 'preact';
import { type Attribute, type Elements, outward as outwardOf } from './elements';

export type { Attribute } from './elements';

export type Child = VNode | string | null | false;

type Attributes = Record<string, Attribute | RefObject<unknown> | number>;

/** Spelt as the `h` of `dom.ts`: an attribute that is null is not set. */
export function h(
  tag: keyof HTMLElementTagNameMap | 'svg' | 'path',
  attributes: Attributes = {},
  ...children: Child[]
): VNode {
  const set = Object.fromEntries(
    Object.entries(attributes).filter(([, value]) => value !== null && value !== undefined),
  );
  return createElement(tag, set, ...(children as ComponentChildren[])) as VNode;
}

export function icon(path: string): VNode {
  return h(
    'svg',
    { viewBox: '0 0 16 16', class: 'icon', 'aria-hidden': 'true' },
    h('path', { d: path, 'fill-rule': 'evenodd' }),
  );
}

/** A part of a page with a state of its own, which lives as long as its place (or `key`) does. */
export function component<Props extends object>(
  type: FunctionComponent<Props>,
  props: Props & { key?: string | number },
): VNode {
  return createElement(type as FunctionComponent<object>, props) as VNode;
}

/** Children without an element around them. */
export function group(key: string | number, ...children: Child[]): VNode {
  return createElement(Fragment, { key }, ...(children as ComponentChildren[])) as VNode;
}

export const VIRTUAL: Elements<VNode> = { h, icon };

export function outward(address: string, text: string): VNode {
  return outwardOf(VIRTUAL, address, text);
}

/** A place that is drawn into again and again; what was there goes. */
export class Root {
  constructor(private readonly element: HTMLElement) {
    render(null, element);
  }

  draw(...children: Child[]): void {
    render(children as ComponentChildren, this.element);
  }
}

/** A labelled switch; `onChange` gets its new position. */
export function switchOf(
  label: string,
  on: boolean,
  onChange: (on: boolean) => void,
  { before = null, rule }: { before?: Child; rule?: string } = {},
): VNode {
  const onchange = (event: Event) => onChange((event.currentTarget as HTMLInputElement).checked);
  return h(
    'label',
    { class: 'switch', 'data-rule': rule },
    before,
    h('span', {}, label),
    h('input', { type: 'checkbox', role: 'switch', checked: on, onchange }),
  );
}
