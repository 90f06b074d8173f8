import { beforeEach, describe, expect, it, vi } from 'vitest';
import { feature } from '../features/arrival';
import { feature as serviceWorker } from '../features/service-worker';
import { finding, pageModel, pageVerdict } from '../testing/values';
import { isOfServiceWorker, showPending, ticketOf } from './arrival';

const TICKET = '0a'.repeat(16);
const JUDGED = pageVerdict().judged_at;

/** An element as the proxy appends it. */
function appended(marks: Record<string, string>) {
  const element = document.createElement('koban-verdict');
  Object.assign(element.dataset, { state: 'not-checked', ...marks });
  const line = document.createElement('p');
  line.className = 'state quiet';
  line.textContent = '○ Koban 交番: 未確認（いま確認しています）';
  element.attachShadow({ mode: 'open' }).append(line);
  document.body.append(element);
  return { element, line };
}

beforeEach(() => document.body.replaceChildren());

describe('test_speed_1 the ticket', () => {
  it('is that of the last element, and handed back once', () => {
    appended({ ticket: 'f'.repeat(32) });
    appended({ ticket: TICKET });
    const send = vi.fn();
    const show = feature.init({ send });
    show(pageModel());
    show(pageModel());
    expect(send.mock.calls).toEqual([[{ type: 'arrived', ticket: TICKET }]]);
  });

  it('is none where the page has none, or something else', () => {
    expect(ticketOf(document)).toBeNull();
    appended({ ticket: `${TICKET}"` });
    const send = vi.fn();
    feature.init({ send });
    expect(send).not.toHaveBeenCalled();
  });
});

describe('test_speed_1 an element whose verdict was to come', () => {
  it('says the verdict, in its own line', () => {
    const { element, line } = appended({ pending: JUDGED });
    showPending(document, pageModel({ shown: pageVerdict({ findings: [finding()] }) }));
    expect(element.dataset['state']).toBe('danger');
    expect(line.className).toBe('state danger');
    expect(line.textContent).toBe('■ Koban 交番: 危険：直接契約の誘いです');
    showPending(document, pageModel({ health: 'not-running', shown: pageVerdict() }));
    expect([element.dataset['state'], line.className]).toEqual(['not-checked', 'state quiet']);
  });

  it('says that a warning is being read again', () => {
    const { line } = appended({ pending: JUDGED });
    showPending(document, pageModel({ shown: pageVerdict({ findings: [finding()] }), readAgain: true }));
    expect(line.textContent).toBe('■ Koban 交番: 危険：直接契約の誘いです（読み直しています）');
  });

  it('never says the verdict of an earlier visit, nor anything while there is none', () => {
    const { element, line } = appended({ pending: '2026-11-24T00:00:00.001Z' });
    const before = line.textContent;
    showPending(document, pageModel({ shown: pageVerdict() }));
    showPending(document, pageModel());
    expect([element.dataset['state'], line.textContent]).toEqual(['not-checked', before]);
  });

  it('is left alone where it has said a verdict from the beginning, or is of the page’s making', () => {
    const { line } = appended({});
    const before = line.textContent;
    const bare = document.createElement('koban-verdict');
    bare.dataset['pending'] = 'soon';
    document.body.append(bare);
    showPending(document, pageModel({ shown: pageVerdict() }));
    expect(line.textContent).toBe(before);
    bare.attachShadow({ mode: 'open' }).append(line);
    showPending(document, pageModel({ shown: pageVerdict() }));
    expect(line.textContent).toBe(before);
  });
});

describe('field-14 a page that a service worker answered', () => {
  const worker = { workerStart: 12, nextHopProtocol: 'h2' };
  const BEGUN = Date.parse('2026-11-24T12:00:00.000Z');
  const at = (ms: number) => new Date(BEGUN + ms).toISOString();

  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['Date'], now: BEGUN + 5_000 });
    vi.spyOn(performance, 'now').mockReturnValue(5_000);
  });

  it.each(['pending', 'since'])('is not what passed, unless it ends with an element of this visit: %s', (mark) => {
    expect(isOfServiceWorker(document, worker, true)).toBe(true);
    appended({ ticket: TICKET });
    expect(isOfServiceWorker(document, worker, true)).toBe(true);
    appended({ ticket: TICKET, pending: at(5) });
    appended({ ticket: TICKET, [mark]: at(-60_000) });
    expect(isOfServiceWorker(document, worker, true)).toBe(true);
    appended({ ticket: TICKET, [mark]: at(5) });
    expect(isOfServiceWorker(document, worker, true)).toBe(false);
  });

  it('is known after the computer slept, too, for which the clock of a page’s times stood still', () => {
    const slept = 3_600_000;
    vi.spyOn(performance, 'timeOrigin', 'get').mockReturnValue(BEGUN - slept);
    appended({ ticket: TICKET, since: at(-slept / 2) });
    expect(isOfServiceWorker(document, worker, true)).toBe(true);
  });

  it('is none where no service worker was asked', () => {
    const passed = { workerStart: 0, nextHopProtocol: 'h2' };
    expect(isOfServiceWorker(document, passed, false)).toBe(false);
    // One that answers no pages, but shows notifications.
    expect(isOfServiceWorker(document, passed, true)).toBe(false);
  });

  it('is known in Firefox by the protocol that it lacks', () => {
    const cached = { workerStart: 0, nextHopProtocol: '' };
    expect(isOfServiceWorker(document, cached, true)).toBe(true);
    expect(isOfServiceWorker(document, cached, false)).toBe(false);
  });

  it('is told of once', () => {
    const send = vi.fn();
    vi.spyOn(performance, 'getEntriesByType').mockReturnValue([worker as PerformanceNavigationTiming]);
    const show = serviceWorker.init({ send });
    show(pageModel());
    expect(send.mock.calls).toEqual([[{ type: 'rewritten' }]]);
    send.mockClear();
    vi.spyOn(performance, 'getEntriesByType').mockReturnValue([]);
    serviceWorker.init({ send });
    expect(send).not.toHaveBeenCalled();
  });
});
