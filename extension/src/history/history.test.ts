import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Deal, HistoryView } from '../api/types';
import { deal, due, known, reportSheet, step, warned } from '../testing/values';
import { HistoryPage } from './history';

const SETTINGS = { enabled: true, days: 548 };

function view(over: Partial<HistoryView> = {}): HistoryView {
  return {
    recording: { usable: true, lost: 0, trouble: null, silent: false },
    today: [],
    deals: [],
    clients: [],
    warnings: [],
    ...over,
  };
}

describe('HistoryPage', () => {
  const actions = {
    note: vi.fn(async () => true),
    revisions: vi.fn(async () => true),
    forget: vi.fn(async () => true),
    forgetAll: vi.fn(async () => true),
    keep: vi.fn(),
    sheet: vi.fn(async () => reportSheet()),
    bundle: vi.fn(async () => new Blob(['PK'])),
    exported: vi.fn(async () => new Blob(['PK'])),
    find: vi.fn(async (): Promise<HistoryView | null> => view()),
    calendar: vi.fn(async () => 'BEGIN:VCALENDAR'),
    save: vi.fn(),
    again: vi.fn(),
    speak: null,
    notices: null,
  };
  let page: HistoryPage;
  const text = (selector: string) => document.querySelector(selector)?.textContent ?? '';
  const show = (over: Partial<HistoryView>, settings = SETTINGS) => page.show({ view: view(over), settings }, 'ja');

  beforeEach(() => {
    vi.clearAllMocks();
    document.body.replaceChildren();
    page = new HistoryPage(document.body, actions);
  });

  it('says the time for an answer whose first day no page showed', () => {
    show({ deals: [deal({ undated: { ja: '受け取った日から7日です', en: '7 days from the day' } })] });
    expect(text('.deal .undated')).toBe('受け取った日から7日です');
  });

  it('sums up what waits for escrow and what is owed, by currency', () => {
    show({
      deals: [
        deal({ waits_for_escrow: true }),
        deal({ id: '8', waits_for_escrow: true, amount: 3_000 }),
        deal({ id: '9', state: 'delivered', owed: true, escrow_seen: true, amount: 120, currency: 'USD' }),
        deal({ id: '10', escrow_seen: true, state: 'escrow-funded' }),
      ],
    });
    const [waiting, owed] = document.querySelectorAll('.card');
    expect(waiting?.textContent).toContain('33,000円（2件）');
    expect(owed?.textContent).toContain('120 USD（1件）');
    expect(owed?.querySelectorAll('li')).toHaveLength(1);
  });

  it('says of a sum how many of its deals showed no amount, and never 0 for none', () => {
    const unpriced = (id: string) => deal({ id, waits_for_escrow: true, amount: null });
    show({ deals: [deal({ waits_for_escrow: true }), unpriced('8')] });
    expect(text('.card')).toContain('30,000円（2件。うち1件は金額がわかりません）');
    show({ deals: [unpriced('8')] });
    expect(text('.card')).toContain('金額がわかりません（1件）');
  });

  const find = (words: string) => {
    const box = document.querySelector<HTMLInputElement>('input[type=search]')!;
    box.value = words;
    box.dispatchEvent(new Event('input'));
  };
  const found = (selector: string) => document.querySelectorAll(selector).length;

  it('finds every word that stands in a row', () => {
    const day = '2026-11-20T01:00:00Z';
    show({
      deals: [deal({ waits_for_escrow: true, state: 'agreed' }), deal({ id: '8', state: 'paid', amount: 120 })],
      clients: [known({ paid: 2 }), known({ id: '53', paid: 0 })],
      warnings: [warned({ severity: 'danger', last_seen: day }), warned({ severity: 'caution', rule: 'b', key: 'b' })],
    });
    for (const words of ['合意', '30,000円', 'まだ始めないで']) {
      find(words);
      expect([words, found('#deals .deal')]).toEqual([words, 1]);
    }
    find('支払い済み2件');
    expect(found('#clients .client')).toBe(1);
    for (const words of ['危険', '2026年11月20日 危険']) {
      find(words);
      expect([words, found('#warnings li')]).toEqual([words, 1]);
    }
  });

  it('names the job of each warning of a list, which leads to it, and finds it by that name', () => {
    const page = 'https://crowdworks.jp/public/jobs';
    const of = (number: number, over = {}) =>
      warned({ page, client: null, client_name: null, subject_title: `仕事${number}`, ...over });
    show({ warnings: [of(1, { subject_url: `${page}/1` }), of(2), warned({ page, client: null, client_name: null })] });
    const rows = [...document.querySelectorAll('.rows li')];
    expect(rows.map((row) => row.querySelector('.of')?.textContent)).toEqual(['仕事1', '仕事2', undefined]);
    expect(rows[0]?.querySelector<HTMLAnchorElement>('.of a')?.href).toBe(`${page}/1`);
    expect(rows[1]?.querySelector('.of a')).toBeNull();
  });

  it('shows the course of a deal, and says of each step that was not seen that it was not', () => {
    const agreed = step();
    const delivered = step({ state: 'delivered', first_seen: '2026-11-20T01:00:00Z', amount: null });
    show({
      deals: [
        deal({
          steps: [agreed, delivered],
          course: [
            { kind: 'seen', step: agreed },
            { kind: 'missed', state: 'escrow-funded' },
            { kind: 'seen', step: delivered },
            { kind: 'ahead', state: 'paid' },
          ],
        }),
      ],
    });
    const steps = [...document.querySelectorAll('.steps li')].map((each) => each.textContent);
    expect(steps).toEqual([
      '2026年11月1日合意30,000円見たページ',
      '仮払い済み未確認（すでに済んでいる可能性があります）',
      '2026年11月20日納品済み見たページ',
      '支払い済みまだです',
    ]);
    expect(document.querySelectorAll('.track .seen')).toHaveLength(2);
  });

  it('leads from a sum to its deal, also where a search had hidden it', () => {
    show({ deals: [deal({ waits_for_escrow: true })] });
    const search = document.querySelector<HTMLInputElement>('[type=search]');
    if (search) search.value = 'どこにもない';
    search?.dispatchEvent(new Event('input'));
    expect(text('#deals')).toContain('見つかりませんでした。');
    document.querySelector<HTMLElement>('.card a')?.click();
    expect(document.querySelector<HTMLDetailsElement>('#deal-crowdworks-7')?.open).toBe(true);
  });

  it('says how many more there are than it draws', () => {
    show({ deals: Array.from({ length: 103 }, (_, id) => deal({ id: String(id) })) });
    expect(document.querySelectorAll('#deals .deal')).toHaveLength(100);
    expect(text('#deals')).toContain('ほか3件');
  });

  it('gathers all on a client, and deletes it only when pressed twice', async () => {
    show({ clients: [known()], warnings: [warned(), warned({ client: '53' })], deals: [deal()] });
    const client = document.querySelector('#clients .client');
    expect(client?.querySelectorAll('.rows li')).toHaveLength(1);
    expect(client?.querySelectorAll('.theirs li')).toHaveLength(1);
    const forget = client?.querySelector<HTMLButtonElement>('.delete');
    forget?.click();
    forget?.dispatchEvent(new Event('blur'));
    forget?.click();
    expect(actions.forget).not.toHaveBeenCalled();
    forget?.click();
    await vi.waitFor(() => expect(actions.again).toHaveBeenCalledOnce());
    expect(actions.forget).toHaveBeenCalledWith('crowdworks', '52');
  });

  it('keeps what a hostile page wrote as text', () => {
    const title = '<img src=x onerror=alert(1)>';
    show({
      deals: [deal({ title, url: 'javascript:alert(1)' })],
      today: [due({ title, url: 'javascript:alert(1)' })],
      clients: [known({ name: title })],
    });
    expect(document.querySelector('img, [onerror], [href^=javascript]')).toBeNull();
    expect(text('#deals')).toContain(title);
  });

  it('says where it is paused, unusable, closed or alone', () => {
    show({ recording: { usable: false, lost: 2, trouble: 'full', silent: true } }, { enabled: false, days: 30 });
    expect([...document.querySelectorAll('.trouble')].map((each) => each.textContent?.slice(0, 8))).toEqual([
      '記録を止めていま',
      '記録のファイルを',
      '記録を読み出せま',
      '記録できなかった',
    ]);
    expect(document.querySelector<HTMLSelectElement>('#care select')?.value).toBe('30');
    page.show('closed', 'ja');
    expect(text('[role=status]')).toContain('koban history --web');
    page.show('not-running', 'en');
    expect(text('[role=status]')).toContain('not running');
  });

  it('says what messages say of the course, and how many revisions were asked for', () => {
    const course: Deal['course'] = [
      { kind: 'message', word: { what: 'handed-over', at: '2026-11-10T01:00:00Z' } },
      { kind: 'message', word: { what: 'asks-revision', at: '2026-11-23', round: 2 } },
    ];
    show({ deals: [deal({ course, revision_requests: 2 })] });
    const steps = [...document.querySelectorAll('.steps li')].map((each) => each.textContent);
    expect(steps).toEqual(['2026年11月10日納品の連絡（メッセージ）', '2026年11月23日修正の依頼（2回目、メッセージ）']);
    expect(text('.deal')).toContain('修正の依頼：これまで2回');
  });

  it.each([
    [true, '3', 3, '保存しました'],
    [false, '3', 3, '保存できませんでした'],
    [true, '', null, '保存しました'],
  ])('says whether the number of revisions was stored (%s, "%s")', async (isKept, typed, number, line) => {
    actions.revisions.mockResolvedValueOnce(isKept);
    show({ deals: [deal({ revisions_agreed: 2 })] });
    const box = document.querySelector<HTMLInputElement>('.deal input[type=number]')!;
    expect(box.value).toBe('2');
    box.value = typed;
    box.dispatchEvent(new Event('change'));
    await vi.waitFor(() => expect(text('.deal [role=status]')).toBe(line));
    expect(actions.revisions).toHaveBeenCalledWith('crowdworks', '7', number);
    expect(box.value, 'what was typed stays').toBe(typed);
  });

  it('says how many more there are, of how many it counted, and has the rest searched', async () => {
    vi.useFakeTimers();
    actions.find.mockResolvedValueOnce(view({ deals: [deal({ id: '99', title: 'むかしの仕事' })] }));
    show({ deals: [deal()], warnings: [warned()], more: { deals: 1_234, clients: 0, warnings: 7 } });
    expect(text('#deals')).toContain('ほか1234件');
    expect(text('#sums')).toContain('新しい1件から');
    expect(text('#plots')).toContain('新しい1件から');
    const box = document.querySelector<HTMLInputElement>('input[type=search]')!;
    for (const typed of ['む', 'むかし']) {
      box.value = typed;
      box.dispatchEvent(new Event('input'));
    }
    expect(text('.lists')).toBe('全体を探しています。');
    await vi.advanceTimersByTimeAsync(1_000);
    expect(actions.find.mock.calls).toEqual([['むかし']]);
    expect(text('#deals')).toContain('むかしの仕事');
    actions.find.mockResolvedValueOnce(null);
    box.value = 'むかしむ';
    box.dispatchEvent(new Event('input'));
    await vi.advanceTimersByTimeAsync(1_000);
    expect(text('.lists')).toBe('Kobanに接続できませんでした。');
  });

  it('searches again once the history is another, and draws nothing that was found in the one before', async () => {
    const more = { deals: 1_234, clients: 0, warnings: 7 };
    show({ deals: [deal()], more });
    find('むかし');
    let answer: (result: HistoryView) => void = () => undefined;
    actions.find.mockImplementationOnce(() => new Promise((resolve) => (answer = resolve)));
    await vi.waitFor(() => expect(actions.find).toHaveBeenCalledOnce());
    actions.find.mockResolvedValueOnce(view({ deals: [deal({ id: '99', title: 'むかしの仕事' })] }));
    show({ deals: [deal()], more });
    answer(view({ deals: [deal({ id: '98', title: 'むかしの、消した仕事' })] }));
    await vi.waitFor(() => expect(text('#deals')).toContain('むかしの仕事'));
    expect(text('#deals')).not.toContain('消した');
    expect(actions.find.mock.calls).toEqual([['むかし'], ['むかし']]);
  });

  it('searches a history that is all here without asking', async () => {
    vi.useFakeTimers();
    show({ deals: [deal()] });
    const box = document.querySelector<HTMLInputElement>('input[type=search]')!;
    box.value = 'なし';
    box.dispatchEvent(new Event('input'));
    await vi.advanceTimersByTimeAsync(1_000);
    expect(actions.find).not.toHaveBeenCalled();
  });

  it('test_ux_history says once what one rule says of one client, and on how many pages', () => {
    const of = (page: string, over = {}) => warned({ page, ...over });
    show({
      warnings: [
        of('https://crowdworks.jp/a#1'),
        of('https://crowdworks.jp/a#2'),
        of('https://crowdworks.jp/b'),
        of('https://crowdworks.jp/a', { rule: 'low-pay' }),
      ],
    });
    expect(
      [...document.querySelectorAll('#warnings li')].map((row) => row.querySelector('.none')?.textContent ?? null),
    ).toEqual(['（2ページ）', null]);
  });
});
