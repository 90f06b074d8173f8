import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { HistoryView } from '../api/types';
import type { Shown } from '../history/history';
import {
  beginPage,
  buttonNamed,
  files,
  one,
  press,
  proxy,
  savedFiles,
  says,
  service,
  show,
  subscribe,
  switchNamed,
  text,
} from '../testing/own-page';
import { deal, due, known, kobanState, settings } from '../testing/values';

vi.mock('../rpc/proxy', () => proxy);

const NEWEST: HistoryView = {
  recording: { usable: true, lost: 0, trouble: null, silent: false },
  today: [],
  deals: [],
  clients: [],
  warnings: [],
};
const SETTINGS = { enabled: true, days: 548 };
const historyAnswer = (over: Partial<HistoryView> = {}): Shown => ({
  view: { ...NEWEST, ...over },
  settings: SETTINGS,
});

async function open() {
  await import('../entrypoints/deals/main');
}

beforeEach(beginPage);

describe('the history as a page of the extension', () => {
  beforeEach(() => {
    vi.stubGlobal('location', new URL('chrome-extension://id/deals.html'));
  });

  it('says why it shows nothing, in the user’s language', async () => {
    service.history.mockResolvedValueOnce('not-running').mockResolvedValueOnce('closed');
    await open();
    await show(kobanState());
    await says('main [role=status]', 'Kobanが動いていません');
    await show(kobanState({ language: 'en' }));
    await says('main [role=status]', 'This page is closed');
    expect(text('h1')).toBe('Your deals so far');
    expect(one('header select'), 'the options choose the language').toBeNull();
  });

  it('says of each part that there is nothing yet', async () => {
    service.history.mockResolvedValueOnce(historyAnswer());
    await open();
    await show(kobanState());
    await says('#deals', 'まだありません。');
    expect(text('#today')).toContain('1週間以内の期日はありません。');
  });

  it('is read again where Koban speaks another language', async () => {
    await open();
    await show(kobanState());
    await show(kobanState({ settings: settings({ language: 'en' }) }));
    await vi.waitFor(() => expect(service.history).toHaveBeenCalledTimes(2));
  });

  it('keeps a note and the revisions agreed on, and says where a note could not be kept', async () => {
    service.history.mockResolvedValueOnce(historyAnswer({ deals: [deal()], clients: [known({ note: null })] }));
    await open();
    await show(kobanState());
    await says('#clients', '青空企画');
    const box = one<HTMLTextAreaElement>('.note textarea')!;
    box.value = '返事が早い';
    box.dispatchEvent(new Event('change'));
    await says('.note [role=status]', '保存しました');
    expect(service.note).toHaveBeenCalledWith('crowdworks', '52', '返事が早い');
    service.note.mockResolvedValueOnce(false);
    box.dispatchEvent(new Event('change'));
    await says('.note [role=status]', '保存できませんでした');
    const revisions = one<HTMLInputElement>('.deal input[type=number]')!;
    revisions.value = '2';
    revisions.dispatchEvent(new Event('change'));
    expect(service.revisions).toHaveBeenCalledWith('crowdworks', '7', 2);
  });

  it('forgets a client once it was asked twice, and shows the rest', async () => {
    service.history.mockResolvedValueOnce(historyAnswer({ clients: [known()] })).mockResolvedValueOnce(historyAnswer());
    await open();
    await show(kobanState());
    await says('#clients', '青空企画');
    press('.client .delete');
    expect(service.forget).not.toHaveBeenCalled();
    press('.client .delete');
    await says('#clients', 'まだありません。');
    expect(service.forget).toHaveBeenCalledWith('crowdworks', '52');
  });

  it('keeps showing everything where Koban is away while it should be deleted, and says so', async () => {
    service.history.mockResolvedValueOnce(historyAnswer({ clients: [known()] }));
    service.forgetAll.mockResolvedValueOnce(false);
    await open();
    await show(kobanState());
    await says('#clients', '青空企画');
    press('#care .delete');
    press('#care .delete');
    await says('#care [role=status]', 'Kobanに接続できませんでした。');
    expect(text('#clients')).toContain('青空企画');
    service.history.mockResolvedValueOnce(historyAnswer());
    press('#care .delete');
    await says('#clients', 'まだありません。');
  });

  it('sends what is switched, and shows what Koban then has', async () => {
    const off: Shown = { view: NEWEST, settings: { ...SETTINGS, enabled: false } };
    service.history.mockResolvedValueOnce(historyAnswer()).mockResolvedValueOnce(off);
    await open();
    await show(kobanState());
    const remember = () => switchNamed('取引と発注者を記録する（このパソコンの中だけ）');
    await vi.waitFor(() => expect(remember().checked).toBe(true));
    remember().click();
    expect(service.changeHistory).toHaveBeenCalledWith({ enabled: false });
    await vi.waitFor(() => expect(service.history).toHaveBeenCalledTimes(2));
    await says('main', '記録を止めています');
    expect(remember().checked).toBe(false);
  });

  it('hands over due dates and the whole history as files', async () => {
    const filesByName = savedFiles();
    service.history.mockResolvedValueOnce(historyAnswer({ today: [due()] }));
    await open();
    await show(kobanState());
    await says('#today', '納品の期限です');
    press('.ics');
    await vi.waitFor(() => expect(service.calendar).toHaveBeenCalledOnce());
    expect(filesByName.size).toBe(0);
    service.calendar.mockResolvedValueOnce('BEGIN:VCALENDAR');
    press('.ics');
    await vi.waitFor(() => expect([...filesByName.keys()]).toEqual(['koban.ics']));
    files.exported.mockResolvedValueOnce(new Blob(['PK']));
    buttonNamed('すべて書き出す（JSON Lines）').click();
    await vi.waitFor(() => expect([...filesByName.keys()]).toContain('koban-history-jsonl.zip'));
  });

  it('searches what is not among the newest, prepares a report, and says where Koban is away', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const more = { deals: 5, clients: 0, warnings: 0 };
    service.history.mockResolvedValueOnce(historyAnswer({ deals: [deal()], more }));
    await open();
    await vi.waitFor(() => expect(subscribe).toHaveBeenCalled());
    await show(kobanState());
    await says('#deals', '記事作成');
    service.sheet.mockResolvedValueOnce(null);
    press('.deal .reporting button');
    await says('.deal .report', 'Kobanに接続できませんでした');
    expect(service.sheet).toHaveBeenCalledWith({ site: 'crowdworks', deal: '7' });
    const search = one<HTMLInputElement>('.search input')!;
    search.value = '古い';
    search.dispatchEvent(new Event('input'));
    vi.runAllTimers();
    await says('.lists', 'Kobanに接続できませんでした。');
    expect(service.find).toHaveBeenCalledWith('古い');
  });
});

describe('the history that Koban serves', () => {
  let sessions: (string | null)[];
  let authorizations: string[];

  /** Koban, which takes each code once and gives a token for it. */
  function served(hash: string) {
    vi.stubGlobal('location', new URL(`http://127.0.0.1:8789/history${hash}`));
    vi.spyOn(history, 'replaceState').mockImplementation(() => {
      location.hash = '';
    });
    const answers: Record<string, unknown> = { '/v1/history/settings': SETTINGS, '/v1/history': NEWEST };
    vi.stubGlobal('fetch', async (address: RequestInfo | URL, init?: RequestInit) => {
      const { pathname } = new URL(String(address));
      if (pathname === '/v1/history/session') {
        const token = sessions.shift() ?? null;
        return token === null ? Response.json({}, { status: 403 }) : Response.json({ token });
      }
      authorizations.push(String(((init?.headers ?? {}) as Record<string, string>)['Authorization']));
      return Response.json(answers[pathname]);
    });
  }

  beforeEach(() => {
    sessions = [];
    authorizations = [];
    sessionStorage.clear();
    sessionStorage.setItem('koban-language', 'ja');
  });

  it('is closed where the address was used before, and opens by another', async () => {
    served('#used');
    await open();
    await says('main [role=status]', 'この画面は閉じられています。');
    expect(authorizations).toEqual([]);
    sessions = ['fresh'];
    location.hash = '#another';
    dispatchEvent(new Event('hashchange'));
    await says('#deals', 'まだありません。');
    expect(new Set(authorizations)).toEqual(new Set([expect.stringContaining('fresh')]));
    expect(location.hash, 'it cannot be bookmarked').toBe('');
  });

  it('is there again once its tab is loaded again, in the language that was chosen', async () => {
    sessionStorage.setItem('koban-session', 'kept');
    sessionStorage.setItem('koban-language', 'en');
    served('');
    await open();
    await says('#deals', 'Nothing yet.');
    expect(authorizations[0]).toContain('kept');
    expect(one<HTMLSelectElement>('header select')?.value).toBe('en');
    authorizations = [];
    dispatchEvent(new Event('hashchange'));
    expect(authorizations, 'no code, no other session').toEqual([]);
  });

  it('is in the browser’s language where none was chosen', async () => {
    sessionStorage.clear();
    vi.stubGlobal('navigator', { languages: ['fr-CA', 'en'] });
    served('');
    await open();
    await vi.waitFor(() => expect(document.documentElement.lang).toBe('fr'));
  });
});
