/** The second feed: the page as the browser shows it, for Koban to judge where nothing passed the proxy. */
import { withoutFragment } from '../address';
import { OWN_NODES } from './own-node';

/** Longer pages are not sent: Koban takes 8,000,000 characters, and no page that a freelancer reads comes near. */
const MOST_CHARACTERS = 4_000_000;
const QUIET_MS = 400;
const PATIENCE_MS = 3_000;

/** Elements without words of the page, or with words of the user's own. */
const LEFT_OUT = [
  'script:not([type*="json"])',
  'style, link, svg, canvas, iframe, object, embed, video, audio, template',
  OWN_NODES,
].join();
const EDITABLE = 'textarea, [contenteditable]:not([contenteditable="false"]), [role="textbox"]';
/** Fields whose value is the page's own wording. */
const BUTTONS = /^(?:submit|button|reset|image)$/i;

/** The page's markup without anything typed into it; null for one that is too long. */
export function pageAsShown(page: Document): string | null {
  const copy = page.documentElement.cloneNode(true) as HTMLElement;
  for (const element of copy.querySelectorAll(LEFT_OUT)) element.remove();
  for (const element of copy.querySelectorAll(EDITABLE)) element.replaceChildren();
  for (const input of copy.querySelectorAll('input')) {
    if (!BUTTONS.test(input.getAttribute('type') ?? '')) input.removeAttribute('value');
  }
  const html = `<!DOCTYPE html>\n${copy.outerHTML}`;
  return html.length > MOST_CHARACTERS ? null : html;
}

/** Sends the page whenever it has changed and come to rest, for as long as it is wanted. */
export class PageSubmitter {
  private readonly observer = new MutationObserver(() => this.changed());
  private timer: ReturnType<typeof setTimeout> | undefined;
  private waitingSince: number | null = null;
  /** The address and markup that were sent last. */
  private sent = '';
  /** The address that is wanted, without its fragment; null where none is. */
  private wantedUrl: string | null = null;

  /** `send` is called with the page's markup; null where that is too long. */
  constructor(private readonly send: (url: string, html: string | null) => void) {}

  want(isWanted: boolean, url: string): void {
    const wantedUrl = isWanted ? withoutFragment(url) : null;
    if (wantedUrl === this.wantedUrl) return;
    this.wantedUrl = wantedUrl;
    if (isWanted) {
      this.observer.observe(document, { childList: true, subtree: true, characterData: true });
      this.changed();
    } else {
      this.observer.disconnect();
      clearTimeout(this.timer);
      this.waitingSince = null;
      this.sent = '';
    }
  }

  private changed(): void {
    const now = Date.now();
    this.waitingSince ??= now;
    // A page that never rests is looked at all the same, now and then.
    const wait = Math.max(0, Math.min(QUIET_MS, this.waitingSince + PATIENCE_MS - now));
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.look(), wait);
  }

  private look(): void {
    this.waitingSince = null;
    const html = pageAsShown(document);
    const next = `${location.href}\n${html}`;
    if (next === this.sent) return;
    this.sent = next;
    this.send(location.href, html);
  }
}
