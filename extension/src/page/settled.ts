/** Detects when a page has settled and when it is written over: Koban's own elements stand in it between the two. */
import { ReinsertLimit } from './reinsert';

/** A page that loads on and on is taken for settled after this. */
const PATIENCE_MS = 2_000;
const IDLE_MS = 500;

/**
 * Call `act` once the page's own scripts have begun their work: its load has ended, or its document is there for two
 * seconds, and nothing is under way. A framework that takes the whole document over (React's `hydrateRoot(document)`,
 * Remix, Next) compares it with what the server sent, and builds all of it anew where a foreign element stands in it.
 */
export function whenSettled(act: () => void): void {
  const idle = () => {
    if (typeof requestIdleCallback === 'undefined') setTimeout(act);
    // Two: what a framework begins in the first is done by the second.
    else requestIdleCallback(() => requestIdleCallback(act, { timeout: IDLE_MS }), { timeout: IDLE_MS });
  };
  if (document.readyState === 'complete') return idle();
  const once = () => {
    clearTimeout(waiting);
    removeEventListener('load', once);
    idle();
  };
  // Also while it loads: what is asked for then is of a page that writes itself over, and may never come to an end.
  const waiting = setTimeout(once, PATIENCE_MS);
  addEventListener('load', once);
}

/**
 * Calls `act` whenever the document has another root element: one that writes itself over also takes its listeners
 * away.
 */
export class Rewritten {
  private readonly reinserts = new ReinsertLimit();
  private root = document.documentElement;

  constructor(private readonly act: () => void) {
    new MutationObserver(() => this.look()).observe(document, { childList: true });
  }

  private look(): void {
    const { documentElement: root } = document;
    if (root === null || root === this.root) return;
    this.root = root;
    if (this.reinserts.turn()) this.act();
  }
}
