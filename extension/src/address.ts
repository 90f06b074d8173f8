/** An address without its fragment, which names a place in the page and no page. */
export function withoutFragment(address: string): string {
  return address.split('#')[0] ?? address;
}
