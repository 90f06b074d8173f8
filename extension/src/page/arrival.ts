/**
 * The element that the proxy appended to this page, as the page's browser meets it: by its ticket Koban learns whose
 * browser the page came to. From then on the end of a page does not wait for its verdict, and the element comes to say
 * it here, before Koban's own elements may stand in the page.
 */
import { endLine } from '../i18n/lines';
import { Words } from '../i18n/words';
import { type PageModel, stateOfPage } from '../messages';
import { rootOf } from './roots';

type Navigation = Pick<PerformanceNavigationTiming, 'workerStart' | 'nextHopProtocol'>;

const TICKET = /^[0-9a-f]{32}$/;

/** The ticket at the end of this page; null where it has none. A page can write one, and Koban knows its own. */
export function ticketOf(page: Document): string | null {
  const ticket = last(page, 'ticket')?.dataset['ticket'] ?? '';
  return TICKET.test(ticket) ? ticket : null;
}

/**
 * Whether a service worker answered this page with something else than what passes Koban now: from its cache, or made
 * by itself. What the browser fetched for this visit ends with an element of this visit, and a cached page with an
 * older one, even where the browser asks the marketplace meanwhile (navigation preload).
 */
export function isOfServiceWorker(page: Document, navigation: Navigation, isControlled: boolean): boolean {
  // Firefox does not say when its worker began; what came from none of its connections has no protocol there.
  const isAnswered = navigation.workerStart > 0 || (isControlled && navigation.nextHopProtocol === '');
  const { since, pending } = last(page, 'since', 'pending')?.dataset ?? {};
  // By the clock that Koban reads: `performance.timeOrigin` stays behind it by the time that the computer slept.
  const loadStart = Date.now() - performance.now();
  return isAnswered && !(Date.parse(pending ?? since ?? '') >= Math.floor(loadStart));
}

/** Have the element of a page whose verdict was to come say what it is: of this visit, not of one before. */
export function showPending(page: Document, model: PageModel): void {
  const element = last(page, 'pending');
  const line = element === undefined ? undefined : rootOf(element)?.querySelector('.state');
  const since = Date.parse(element?.dataset['pending'] ?? '');
  if (element === undefined || line == null || model.shown === null) return;
  if (!(Date.parse(model.shown.judged_at) >= since)) return;
  const { state } = stateOfPage(model);
  element.dataset['state'] = state;
  line.className = `state ${state === 'not-checked' ? 'quiet' : state}`;
  line.textContent = endLine(model, new Words(model.language));
}

/** The last element with one of the marks. Koban's is the last: what the page writes stands before it. */
function last(page: Document, ...marks: string[]): HTMLElement | undefined {
  const selector = marks.map((mark) => `koban-verdict[data-${mark}]`).join();
  return [...page.querySelectorAll<HTMLElement>(selector)].at(-1);
}
