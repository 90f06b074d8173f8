import { beforeEach, describe, expect, it, vi } from 'vitest';
import { ApiError } from '../api/client';
import type { PageVerdict, Verdict } from '../api/types';
import { finding, PAGE, pageVerdict } from '../testing/values';
import type { Connection } from './connection';
import type { PageView } from './page';
import { Verdicts } from './verdicts';

const danger = { findings: [finding()] };

/** A verdict of a second of a minute. */
function at(second: number, verdict: Partial<Verdict> = {}, awaits = false): PageVerdict {
  const judged_at = `2026-11-24T00:00:${String(second).padStart(2, '0')}Z`;
  return { ...pageVerdict(verdict), judged_at, awaits };
}

/** A page that began to load at that second. */
function view(second: number, url = PAGE): PageView {
  return { tabId: 1, url, since: Date.parse(at(second).judged_at), show: () => undefined };
}

describe('Verdicts', () => {
  const ask = vi.fn<(url: string, name?: string | null) => Promise<PageVerdict | null>>();
  const check = vi.fn<(...args: unknown[]) => Promise<PageVerdict>>();
  const connection = { api: { verdict: ask, check }, answered: vi.fn(), fail: vi.fn() };
  const settled = vi.fn();
  const unknown = vi.fn();
  let verdicts: Verdicts;

  beforeEach(() => {
    for (const mock of [ask, check, settled, unknown, connection.answered, connection.fail]) mock.mockReset();
    ask.mockResolvedValue(null);
    connection.api = { verdict: ask, check };
    verdicts = new Verdicts(connection as unknown as Connection, settled, unknown);
  });

  /** Koban keeps a verdict of each address, and none of a view. */
  const keep = (verdict: PageVerdict) => ask.mockImplementation(async (_, name) => (name == null ? verdict : null));
  const stateOf = (page: PageView) => verdicts.of(page)?.verdict.state;
  const answered = () => new Promise((resolve) => setTimeout(resolve));

  it('keeps a danger for a page loaded again that is judged, but for what its script fetches, before it connects', () => {
    const former = view(1);
    verdicts.add(former);
    verdicts.receive(at(5, danger));
    verdicts.receive(at(11, { state: 'caution' }, true));
    verdicts.remove(former);
    const page = view(10);
    verdicts.add(page);
    expect([stateOf(page), verdicts.isReadAgain(page)]).toEqual(['danger', true]);
    verdicts.receive(at(12, { state: 'caution' }));
    expect([stateOf(page), verdicts.isReadAgain(page)]).toEqual(['caution', false]);
    verdicts.remove(page);
  });

  it('keeps it also where the browser has ended the background since that danger was told', async () => {
    keep(at(5, danger));
    const former = view(6);
    verdicts.add(former);
    await answered();
    verdicts.receive(at(11, {}, true));
    verdicts.remove(former);
    const page = view(10);
    verdicts.add(page);
    expect(stateOf(page)).toBe('danger');
    verdicts.forgetEarly();
    expect(stateOf(page), 'switched off by the user').toBe('clear');
  });

  it('keeps for a page no danger of what another at its address was written over with', async () => {
    const other = view(1);
    verdicts.add(other);
    verdicts.markRewritten(other);
    check.mockResolvedValue(at(5, danger));
    await verdicts.submit(other, PAGE, 'as shown');
    expect(stateOf(other)).toBe('danger');
    verdicts.receive(at(11, {}, true));
    const page = view(10);
    verdicts.add(page);
    expect(stateOf(page)).toBe('clear');
  });

  describe('of two tabs of one address that were judged as they are shown', () => {
    const shown = (second: number, verdict: Partial<Verdict> = {}): PageVerdict => ({
      ...at(second, verdict),
      feed: 'extension',
    });
    /** Koban's part: what is kept of the address, and of each view by its name. */
    let ofAddress: PageVerdict | null;
    let views: Map<unknown, PageVerdict>;
    let older: PageView;
    let newer: PageView;

    beforeEach(() => {
      ofAddress = null;
      views = new Map();
      ask.mockImplementation(async (_, name) => (name == null ? ofAddress : (views.get(name) ?? null)));
      check.mockImplementation(async (_url, html, _keep, name) => {
        const [second, verdict] = JSON.parse(String(html)) as [number, Partial<Verdict>];
        ofAddress = shown(second, verdict);
        views.set(name, ofAddress);
        return ofAddress;
      });
      [older, newer] = [view(1), { ...view(10), tabId: 2 }];
      for (const page of [older, newer]) verdicts.add(page);
    });

    /** A tab hands over what it shows, and Koban tells everybody what is known of the address then. */
    const submit = async (page: PageView, second: number, verdict: Partial<Verdict> = {}) => {
      await verdicts.submit(page, PAGE, JSON.stringify([second, verdict]));
      if (ofAddress !== null) verdicts.receive(ofAddress);
      await answered();
    };

    it('keeps the danger of the newer one, whatever the older one shows', async () => {
      await submit(newer, 11, danger);
      await submit(older, 12);
      expect([stateOf(newer), stateOf(older)]).toEqual(['danger', 'clear']);
      await verdicts.askAll();
      expect([stateOf(newer), stateOf(older)]).toEqual(['danger', 'clear']);
      await submit(newer, 13);
      expect([stateOf(newer), verdicts.wantsPage(newer)]).toEqual(['clear', true]);
    });

    it('takes a verdict of the older one for no go of a newer one that was not judged', async () => {
      await submit(older, 12);
      expect([verdicts.of(newer), verdicts.wantsPage(newer)]).toEqual([null, true]);
      await submit(older, 13, danger);
      expect(stateOf(newer), 'what may be there too is said').toBe('danger');
      const late = { ...view(5), tabId: 3 };
      await submit(older, 14);
      verdicts.add(late);
      await answered();
      expect(verdicts.of(late)).toBeNull();
    });

    it('has a danger that the proxy found of either, and one as shown that it did not', async () => {
      await submit(newer, 11, { state: 'caution', findings: [finding({ severity: 'caution' })] });
      ofAddress = at(12);
      verdicts.receive(ofAddress);
      await answered();
      expect([stateOf(newer), verdicts.wantsPage(newer)]).toEqual(['caution', true]);
      ofAddress = at(13, danger);
      verdicts.receive(ofAddress);
      await answered();
      expect(stateOf(newer)).toBe('danger');
      ofAddress = at(14);
      await verdicts.askAll();
      expect([stateOf(newer), stateOf(older)]).toEqual(['caution', 'clear']);
    });

    it.each([
      ['passed', () => at(13), danger, 'danger'],
      ['was shown in another tab', () => shown(13, danger), {}, 'clear'],
    ])('takes the answer to its own look also where something newer %s', async (_, other, verdict, state) => {
      await answered();
      const asked = submit(newer, 12, verdict);
      verdicts.receive(other());
      await asked;
      expect(stateOf(newer)).toBe(state);
      ofAddress = other();
      await verdicts.askAll();
      expect(stateOf(newer)).toBe(state);
    });

    it('shows its own findings where what passed is as grave', async () => {
      await submit(newer, 11, { findings: [finding({ rule: 'as-shown' })] });
      ofAddress = at(12, danger);
      verdicts.receive(ofAddress);
      await answered();
      expect(verdicts.of(newer)?.verdict.findings[0]?.rule).toBe('as-shown');
    });

    it('names them alike after the browser has ended the background', async () => {
      await submit(newer, 11, danger);
      await submit(older, 12);
      const again = new Verdicts(connection as unknown as Connection, settled, unknown);
      again.add({ ...newer });
      await answered();
      expect(again.of(again.pages[0] as PageView)?.verdict.state).toBe('danger');
    });

    it('keeps after that the danger of one as shown, whatever passes since in another tab', async () => {
      await submit(newer, 11, danger);
      verdicts = new Verdicts(connection as unknown as Connection, settled, unknown);
      verdicts.add(newer);
      await answered();
      ofAddress = at(12);
      verdicts.receive(ofAddress);
      await answered();
      expect(stateOf(newer)).toBe('danger');
    });

    it('finds it after that also where another tab passed before', async () => {
      await submit(newer, 11, danger);
      ofAddress = at(12);
      verdicts = new Verdicts(connection as unknown as Connection, settled, unknown);
      verdicts.add(newer);
      // Told while Koban is asked.
      ofAddress = at(13);
      verdicts.receive(ofAddress);
      await answered();
      expect(stateOf(newer)).toBe('danger');
    });

    it('takes after that no danger of before it was written over for what it shows', async () => {
      await submit(newer, 11, danger);
      verdicts = new Verdicts(connection as unknown as Connection, settled, unknown);
      verdicts.add(newer);
      verdicts.markRewritten(newer);
      await answered();
      await submit(newer, 12);
      expect(stateOf(newer)).toBe('clear');
    });
  });

  it('takes the answer to an earlier look of a page for none to a later one', async () => {
    const page = view(10);
    verdicts.add(page);
    await answered();
    const answers: ((verdict: PageVerdict) => void)[] = [];
    check.mockImplementation(() => new Promise((resolve) => answers.push(resolve)));
    const submissions = ['first', 'second'].map((html) => verdicts.submit(page, PAGE, html));
    answers[1]?.({ ...at(12, danger), feed: 'extension' });
    answers[0]?.({ ...at(11), feed: 'extension' });
    await Promise.all(submissions);
    expect(stateOf(page)).toBe('danger');
  });

  it.each([
    ['refuses', 'failed', () => check.mockRejectedValue(new ApiError('failed', 422))],
    ['is not sent, which is too large,', 'too-large', null],
  ] as const)('calls no page clear of which Koban %s what it shows now', async (_, reason, refuse) => {
    const page = view(10);
    verdicts.add(page);
    await answered();
    const look = async () => {
      if (refuse === null) verdicts.markTooLarge(page, PAGE);
      else {
        refuse();
        await verdicts.submit(page, PAGE, 'longer');
      }
    };
    const asShown: PageVerdict = { ...at(11), feed: 'extension' };
    check.mockResolvedValue(asShown);
    await verdicts.submit(page, PAGE, 'as shown');
    expect(stateOf(page)).toBe('clear');
    await look();
    ask.mockResolvedValue(asShown);
    await verdicts.askAll();
    expect(verdicts.of(page)?.verdict).toMatchObject({ state: 'not-checked', reason });
    check.mockResolvedValue({ ...at(12, danger), feed: 'extension' });
    await verdicts.submit(page, PAGE, 'shorter');
    await look();
    expect(stateOf(page)).toBe('danger');
    check.mockResolvedValue({ ...at(13), feed: 'extension' });
    await verdicts.submit(page, PAGE, 'shorter still');
    expect(stateOf(page)).toBe('clear');
  });

  it('tells a page that its verdict of before is not being checked again where it is too large', async () => {
    keep(at(5));
    const page = view(10);
    verdicts.add(page);
    await answered();
    expect(verdicts.of(page)?.verdict.reason).toBe('pending');
    settled.mockClear();
    verdicts.markTooLarge(page, PAGE);
    expect(verdicts.of(page)?.verdict.reason).toBe('too-large');
    expect(settled).toHaveBeenCalledExactlyOnceWith(page, false);
    verdicts.markTooLarge(page, PAGE);
    expect(settled, 'known already').toHaveBeenCalledOnce();
  });

  it('shows a page that connects late no danger that all of it was since read without', () => {
    verdicts.receive(at(5, danger));
    verdicts.receive(at(11));
    const page = view(10);
    verdicts.add(page);
    expect([stateOf(page), verdicts.isReadAgain(page)]).toEqual(['clear', false]);
  });

  it('takes no verdict of before a page was loaded for one of since', () => {
    const page = view(10);
    verdicts.add(page);
    verdicts.receive(at(11));
    verdicts.receive(at(5, danger));
    expect(stateOf(page)).toBe('clear');
    verdicts.receive(at(12, danger));
    expect(stateOf(page)).toBe('danger');
  });

  it('lets no answer of an earlier visit replace what an event brought', async () => {
    keep(at(11));
    const page = view(10);
    verdicts.add(page);
    verdicts.receive(at(12, danger));
    await answered();
    expect(stateOf(page)).toBe('danger');
    expect(connection.answered).toHaveBeenCalledOnce();
  });

  it('keeps a danger that a Koban started anew knows nothing of until the open page is read anew', async () => {
    keep(at(11, danger));
    const page = view(10);
    verdicts.add(page);
    await answered();
    expect([stateOf(page), verdicts.wantsPage(page)]).toEqual(['danger', false]);
    ask.mockResolvedValue(null);
    await verdicts.askAll();
    expect([stateOf(page), verdicts.isReadAgain(page), verdicts.wantsPage(page)]).toEqual(['danger', true, true]);
    verdicts.receive(at(12));
    expect(stateOf(page), 'of what its script fetched alone').toBe('danger');
    check.mockResolvedValue({ ...at(13, { state: 'not-checked', reason: 'nothing-to-check' }), feed: 'extension' });
    await verdicts.submit(page, PAGE, 'not drawn');
    expect(stateOf(page)).toBe('danger');
    check.mockResolvedValue({ ...at(14), feed: 'extension' });
    await verdicts.submit(page, PAGE, 'as shown');
    expect([stateOf(page), verdicts.isReadAgain(page)]).toEqual(['clear', false]);
  });

  it('takes from a Koban started anew a graver warning, and what its user has chosen', async () => {
    const page = view(10);
    verdicts.add(page);
    verdicts.receive(at(11, { state: 'caution' }));
    await verdicts.askAll();
    verdicts.receive(at(12, danger));
    expect([stateOf(page), verdicts.isReadAgain(page)]).toEqual(['danger', true]);
    verdicts.receive(at(13, { state: 'not-checked', reason: 'paused' }));
    expect(verdicts.of(page)?.verdict.reason).toBe('paused');
  });

  it('drops a danger of a Koban that has ended at the user’s own choice, and shows no part of the page for all of it', async () => {
    const page = view(10);
    verdicts.add(page);
    verdicts.receive(at(11, danger));
    await verdicts.askAll();
    verdicts.forgetEarly();
    expect(stateOf(page), 'the stream broke').toBe('danger');
    keep(at(12));
    settled.mockClear();
    const asked = verdicts.dropUnread();
    expect([verdicts.of(page), settled.mock.calls]).toEqual([null, [[page, false]]]);
    await asked;
    expect([verdicts.of(page), verdicts.wantsPage(page)], 'of what its script fetched alone').toEqual([null, true]);
    verdicts.receive(at(13, danger));
    expect([stateOf(page), verdicts.isReadAgain(page)]).toEqual(['danger', true]);
    check.mockResolvedValue({ ...at(14), feed: 'extension' });
    await verdicts.submit(page, PAGE, 'as shown');
    expect(stateOf(page)).toBe('clear');
    await verdicts.dropUnread();
    expect(stateOf(page), 'read since').toBe('clear');
  });

  it.each([
    ['is never handed over', null],
    ['is refused as shown', new ApiError('failed', 422)],
  ])('says after ten seconds that a page was not checked whose danger was dropped, and that %s', async (_, refusal) => {
    vi.useFakeTimers();
    try {
      const [page, former] = [view(10), view(10)];
      for (const each of [page, former]) verdicts.add(each);
      verdicts.receive(at(11, danger));
      await verdicts.askAll();
      vi.advanceTimersByTime(9_000);
      await verdicts.dropUnread();
      verdicts.remove(former);
      // Of what its script fetched alone.
      verdicts.receive(at(12));
      vi.advanceTimersByTime(9_000);
      expect(verdicts.of(page)).toBeNull();
      if (refusal !== null) {
        check.mockRejectedValue(refusal);
        await verdicts.submit(page, PAGE, 'as shown');
      }
      settled.mockClear();
      vi.advanceTimersByTime(1_000);
      expect(verdicts.of(page)?.verdict).toMatchObject({ state: 'not-checked', reason: 'failed' });
      expect(settled.mock.calls.every(([each]) => each === page)).toBe(true);
      verdicts.receive(at(13));
      await verdicts.askAll();
      expect([stateOf(page), verdicts.wantsPage(page)], 'unread still').toEqual(['not-checked', true]);
      check.mockResolvedValue({ ...at(14), feed: 'extension' });
      await verdicts.submit(page, PAGE, 'drawn since');
      expect(stateOf(page)).toBe('clear');
    } finally {
      vi.useRealTimers();
    }
  });

  it('says of a danger no longer that it is being read again once the page as shown could not be judged', async () => {
    const page = view(10);
    verdicts.add(page);
    verdicts.receive(at(11, { ...danger, stage: 'funded' }));
    await verdicts.askAll();
    check.mockResolvedValue({ ...at(12, { state: 'not-checked', reason: 'too-slow' }), feed: 'extension' });
    await verdicts.submit(page, PAGE, 'as shown');
    expect(verdicts.isReadAgain(page), 'not judged yet').toBe(true);
    check.mockResolvedValue({ ...at(13, { state: 'not-checked', reason: 'page-changed' }), feed: 'extension' });
    await verdicts.submit(page, PAGE, 'as shown');
    await verdicts.askAll();
    expect([stateOf(page), verdicts.isReadAgain(page)]).toEqual(['danger', false]);
    expect(verdicts.of(page)?.verdict.stage, 'that work may begin is of before').toBe('unknown');
    check.mockResolvedValue({ ...at(14), feed: 'extension' });
    await verdicts.submit(page, PAGE, 'drawn since');
    expect(stateOf(page)).toBe('clear');
  });

  it('says so no longer either once Koban has refused the page as shown', async () => {
    const page = view(10);
    verdicts.add(page);
    // Koban ended while the page was loaded again.
    verdicts.receive(at(9, danger));
    await verdicts.askAll();
    check.mockRejectedValue(new ApiError('failed', 422));
    settled.mockClear();
    await verdicts.submit(page, PAGE, 'as shown');
    expect([stateOf(page), verdicts.isReadAgain(page)]).toEqual(['danger', false]);
    expect(settled).toHaveBeenCalledExactlyOnceWith(page, false);
  });

  it('says so for ten seconds where a page is never handed over', async () => {
    vi.useFakeTimers();
    try {
      const [page, former] = [view(10), view(10)];
      for (const each of [page, former]) verdicts.add(each);
      verdicts.receive(at(11, danger));
      await verdicts.askAll();
      verdicts.remove(former);
      vi.advanceTimersByTime(9_000);
      await verdicts.askAll();
      expect(verdicts.isReadAgain(page)).toBe(true);
      settled.mockClear();
      vi.advanceTimersByTime(1_000);
      expect([stateOf(page), verdicts.isReadAgain(page), verdicts.wantsPage(page)]).toEqual(['danger', false, true]);
      expect(settled).toHaveBeenCalledExactlyOnceWith(page, false);
    } finally {
      vi.useRealTimers();
    }
  });

  it('does not keep of a Koban that has ended that nothing was found, nor its warning for another address', async () => {
    const page = view(10);
    verdicts.add(page);
    verdicts.receive(at(11));
    await verdicts.askAll();
    expect(verdicts.of(page)).toBeNull();
    verdicts.receive(at(12, danger));
    await verdicts.askAll();
    verdicts.move(page, 'https://crowdworks.jp/contracts/2');
    expect(verdicts.of(page)).toBeNull();
  });

  it('asks nothing on an address that Koban does not take, and shows what is sent of it', async () => {
    const url = `${PAGE}?${'q'.repeat(4_000)}`;
    const page = view(10, url);
    verdicts.add(page);
    await answered();
    expect(verdicts.of(page)?.verdict).toMatchObject({ state: 'not-checked', reason: 'too-large' });
    expect(verdicts.wantsPage(page)).toBe(false);
    await verdicts.submit(page, url, 'as shown');
    verdicts.receive({ ...at(11, danger), url });
    await verdicts.askAll();
    expect(stateOf(page)).toBe('danger');
    for (const request of [ask, check, connection.fail]) expect(request).not.toHaveBeenCalled();
  });

  it('asks on a page whose fragment alone is too long', async () => {
    keep(at(11));
    verdicts.add(view(10, `${PAGE}#${'f'.repeat(4_000)}`));
    expect(ask).toHaveBeenCalledWith(PAGE, null);
    expect(ask.mock.calls.every(([url]) => url === PAGE)).toBe(true);
  });

  it('takes a refusal of a healthy Koban for the page’s, and for no failure of the link', async () => {
    check.mockRejectedValue(new ApiError('failed', 422));
    const page = view(10);
    verdicts.add(page);
    await answered();
    await verdicts.submit(page, PAGE, 'as shown');
    expect(verdicts.of(page)?.verdict).toMatchObject({ state: 'not-checked', reason: 'failed' });
    ask.mockRejectedValue(new ApiError('failed', 422));
    verdicts.receive(at(11, danger));
    await verdicts.askAll();
    expect(stateOf(page)).toBe('danger');
    expect(connection.fail).not.toHaveBeenCalled();
    check.mockRejectedValue(new ApiError('failed', 500));
    verdicts.markRewritten(page);
    await verdicts.submit(page, PAGE, 'as shown');
    expect(connection.fail).toHaveBeenCalledOnce();
  });

  it('says which pages nobody can be asked of, and when an answer failed', async () => {
    ask.mockRejectedValue(new ApiError('unreachable'));
    const page = view(10);
    verdicts.add(page);
    await answered();
    expect(connection.fail).toHaveBeenCalledOnce();
    Object.assign(connection, { api: null });
    await verdicts.askAll();
    expect(unknown).toHaveBeenCalledExactlyOnceWith(page);
  });

  it('hands a page over as shown once nothing of it passed, and drops an answer that comes after it has moved', async () => {
    const page = view(10);
    verdicts.add(page);
    verdicts.receive(at(11, { state: 'not-checked', reason: 'no-answer' }));
    check.mockResolvedValue(at(12, danger));
    await verdicts.submit(page, PAGE, 'as shown');
    expect(stateOf(page)).toBe('danger');
    const next = 'https://crowdworks.jp/contracts/2';
    check.mockImplementation(async () => {
      verdicts.move(page, next);
      return at(13);
    });
    verdicts.markRewritten(page);
    await verdicts.submit(page, PAGE, 'as shown later');
    expect(verdicts.of(page)).toBeNull();
  });

  it('remembers the newest addresses alone', () => {
    const address = (number: number) => `https://crowdworks.jp/contracts/${number}`;
    for (let number = 0; number <= 20; number += 1) verdicts.receive({ ...at(11, danger), url: address(number) });
    const [oldest, newest] = [view(10, address(0)), view(10, address(20))];
    verdicts.add(oldest);
    verdicts.add(newest);
    expect([stateOf(oldest), stateOf(newest)]).toEqual([undefined, 'danger']);
  });
});
