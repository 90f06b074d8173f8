import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Announcement, Announcer } from './announcer';

const announcement = (over: Partial<Announcement> = {}): Announcement => ({
  page: 'https://crowdworks.jp/messages/1',
  language: 'ja',
  name: 'Koban 交番',
  lines: ['注意：連絡先の交換です'],
  alarm: null,
  ...over,
});

describe('Announcer', () => {
  let announcer: Announcer;

  beforeEach(() => {
    vi.useFakeTimers();
    announcer = new Announcer();
  });

  afterEach(() => vi.restoreAllMocks());

  const region = (role: string) => announcer.element.querySelector<HTMLElement>(`[role="${role}"]`)!;
  const said = () => ({ alert: region('alert').textContent, status: region('status').textContent });
  const danger = (line = '危険：直接契約の誘いです') => announcement({ lines: [line], alarm: line });

  it('has its regions before their words, which come later than the regions', () => {
    expect(said()).toEqual({ alert: '', status: '' });
    const regions = [region('alert'), region('status')];
    announcer.announce(danger());
    expect(said(), 'no region comes into a page with its words').toEqual({ alert: '', status: '' });
    vi.advanceTimersByTime(200);
    expect(said()).toEqual({ alert: 'Koban 交番:危険：直接契約の誘いです', status: '' });
    expect([region('alert'), region('status')]).toEqual(regions);
  });

  it('interrupts for an alarm alone, and for the same one once', () => {
    announcer.announce(announcement());
    vi.advanceTimersByTime(1_000);
    expect(said()).toEqual({ alert: '', status: 'Koban 交番:注意：連絡先の交換です' });
    announcer.announce(danger());
    vi.advanceTimersByTime(200);
    announcer.announce({ ...danger(), lines: ['危険：直接契約の誘いです', '読み直しています'] });
    vi.advanceTimersByTime(1_000);
    expect(said()).toEqual({ alert: '', status: 'Koban 交番:読み直しています' });
  });

  it('says nothing twice, and leaves nothing to be read twice', () => {
    const before = { alert: 'Koban 交番:危険：直接契約の誘いです', status: '' };
    announcer.announce(danger());
    vi.advanceTimersByTime(200);
    const [words] = region('alert').children;
    announcer.announce({ ...danger() });
    vi.advanceTimersByTime(1_000);
    expect(said(), 'what is being said is not cut short by nothing new').toEqual(before);
    expect(region('alert').children[0]).toBe(words);
    vi.advanceTimersByTime(6_000);
    expect(said()).toEqual({ alert: '', status: '' });
    announcer.announce(danger('危険：前払いの要求です'));
    vi.advanceTimersByTime(200);
    expect(said().alert).toContain('前払い');
    vi.advanceTimersByTime(7_000);
    expect(said()).toEqual({ alert: '', status: '' });
  });

  it('says a danger that was there before again, once it comes back', () => {
    for (const each of [danger(), announcement(), danger()]) {
      announcer.announce(each);
      vi.advanceTimersByTime(1_000);
    }
    expect(said().alert).toContain('直接契約');
  });

  it('says of the next page what was true of the page before, however soon it comes', () => {
    const next = 'https://crowdworks.jp/messages/2';
    announcer.announce(danger());
    vi.advanceTimersByTime(200);
    announcer.announce(announcement({ page: next, lines: ['確認しています'] }));
    expect(said(), 'the words of the page before').toEqual({ alert: '', status: '' });
    vi.advanceTimersByTime(300);
    announcer.announce({ ...danger(), page: next });
    vi.advanceTimersByTime(200);
    expect(said()).toEqual({ alert: 'Koban 交番:危険：直接契約の誘いです', status: '' });
  });

  it('waits while the page is not in sight, and then says what is true by then', () => {
    const visibility = vi.spyOn(document, 'visibilityState', 'get').mockReturnValue('hidden');
    const become = (state: DocumentVisibilityState) => {
      visibility.mockReturnValue(state);
      document.dispatchEvent(new Event('visibilitychange'));
    };
    announcer.announce(announcement());
    vi.advanceTimersByTime(2_000);
    announcer.announce(danger());
    vi.advanceTimersByTime(2_000);
    expect(said()).toEqual({ alert: '', status: '' });
    become('visible');
    vi.advanceTimersByTime(200);
    expect(said()).toEqual({ alert: 'Koban 交番:危険：直接契約の誘いです', status: '' });
    vi.advanceTimersByTime(8_000);
    become('hidden');
    become('visible');
    vi.advanceTimersByTime(2_000);
    expect(said(), 'once').toEqual({ alert: '', status: '' });
  });

  it('speaks the language of its words', () => {
    announcer.announce(danger());
    vi.advanceTimersByTime(200);
    expect(region('alert').lang).toBe('ja');
    announcer.announce(announcement({ language: 'en', name: 'Koban', lines: ['Danger: an offer'], alarm: 'Danger' }));
    vi.advanceTimersByTime(200);
    expect([region('alert').lang, said().alert]).toEqual(['en', 'Koban:Danger: an offer']);
  });
});
