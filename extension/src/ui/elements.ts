/** Makes elements of either kind: of the DOM itself in pages of others, of virtual nodes in Koban's own. */

export type Attribute = string | boolean | null | undefined | ((event: Event) => void);

export interface Elements<Node> {
  /** An element with attributes, listeners (`onclick`) and children; null and false are left out. */
  h(
    tag: keyof HTMLElementTagNameMap,
    attributes?: Record<string, Attribute>,
    ...children: (Node | string | null | false)[]
  ): Node;
  /** A shape in a square of 16 units, in the colour of the text around it. Says nothing to a screen reader. */
  icon(path: string): Node;
}

/** A link out of Koban, or the bare text where the address is no web address. */
export function outward<Node>(
  { h }: Elements<Node>,
  address: string,
  text: string,
  attributes: Record<string, Attribute> = {},
): Node {
  if (!/^https?:\/\//i.test(address)) return h('span', {}, text);
  return h('a', { ...attributes, href: address, target: '_blank', rel: 'noopener noreferrer' }, text);
}
