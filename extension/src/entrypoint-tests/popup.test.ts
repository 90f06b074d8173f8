import { beforeEach, describe, expect, it, vi } from 'vitest';
import { browser } from 'wxt/browser';
import type { ToPage } from '../messages';
import {
  beginPage,
  buttonNamed,
  choose,
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
  unfold,
} from '../testing/own-page';
import { finding, known, kobanState, pageModel, pageVerdict, rule, settings } from '../testing/values';

vi.mock('../rpc/proxy', () => proxy);

const PICTURE = 'https://elsewhere.example/a.png';
const PAPER = 'https://elsewhere.example/paper.pdf';
const withWarning = (over: Parameters<typeof finding>[0] = {}) =>
  kobanState({ page: pageModel({ shown: pageVerdict({ findings: [finding(over)] }) }) });
const withUnseen = (address: string) =>
  kobanState({
    page: pageModel({ shown: pageVerdict({ enclosures: [address] }), files: { wanted: [], unseen: [address] } }),
  });

/** Have the popup's page answer its messages; what it has no answer to, it does not take. */
function pageAnswers(answers: Partial<Record<ToPage['type'], unknown>>) {
  return vi.spyOn(browser.tabs, 'sendMessage').mockImplementation((async (_: number, { type }: ToPage) => {
    if (!(type in answers)) throw new Error('no such page');
    return answers[type];
  }) as never);
}

/** The popup as a tab of its own, beside the tab that it is about. */
function asTab(query: string) {
  vi.stubGlobal('location', new URL(`chrome-extension://id/popup.html?${query}`));
}

async function open() {
  await import('../entrypoints/popup/main');
}

beforeEach(beginPage);

describe('the popup', () => {
  it('speaks the user’s language, and the other once that is chosen', async () => {
    await open();
    await show(kobanState());
    expect(text('h1')).toBe('確認済み（問題は見つかりませんでした）');
    await show(kobanState({ language: 'en' }));
    expect([text('h1'), document.documentElement.lang]).toEqual(['Checked, nothing found', 'en']);
  });

  it('sends what is switched, and shows it as Koban has it', async () => {
    await open();
    await show(kobanState());
    switchNamed('応募・同意・納品などの前に確認する').click();
    expect(service.change).toHaveBeenCalledWith({ active_step: false });
    await show(kobanState({ settings: settings({ active_step: false }) }));
    expect(switchNamed('応募・同意・納品などの前に確認する').checked).toBe(false);
  });

  it('says that a change was not stored, and shows what still holds', async () => {
    service.change.mockResolvedValueOnce(false);
    await open();
    await show(kobanState());
    switchNamed('応募・同意・納品などの前に確認する').click();
    await show(kobanState({ trouble: { kind: 'refused', number: 1 } }));
    expect(text('[role=alert]')).toBe('この設定は保存できませんでした。元のままです。');
    expect(switchNamed('応募・同意・納品などの前に確認する').checked).toBe(true);
  });

  it('takes a warning away on the page of its tab, and brings it back', async () => {
    await open();
    await show(withWarning());
    press('.findings .rule-off');
    await vi.waitFor(() =>
      expect(service.takeAway).toHaveBeenCalledWith(
        7,
        { rules: { 'direct-contract': false } },
        expect.objectContaining({ rule: 'direct-contract' }),
        null,
      ),
    );
    press('.taken-away .undo');
    await vi.waitFor(() => expect(service.bringBack).toHaveBeenCalledWith(7));
  });

  it('brings back what another popup took away', async () => {
    await open();
    const removal = { key: 'ruleGone', title: finding().title } as const;
    await show(kobanState({ page: pageModel({ shown: pageVerdict(), removed: removal }) }));
    press('.taken-away .undo');
    await vi.waitFor(() => expect(service.bringBack).toHaveBeenCalledWith(7));
  });

  it('keeps a note on a client, and says where it could not', async () => {
    await open();
    await show(kobanState({ known: known({ note: null }) }));
    const box = one<HTMLTextAreaElement>('.note textarea')!;
    box.value = '返事が早い';
    box.dispatchEvent(new Event('change'));
    await says('.note [role=status]', '保存しました');
    expect(service.note).toHaveBeenCalledWith('crowdworks', '52', '返事が早い');
    service.note.mockResolvedValueOnce(false);
    box.dispatchEvent(new Event('change'));
    await says('.note [role=status]', '保存できませんでした');
    expect(box.value).toBe('返事が早い');
  });

  it('prepares a report with its evidence, and says where Koban is away', async () => {
    const filesByName = savedFiles();
    await open();
    await show(withWarning());
    press('.findings .reporting button');
    await says('.findings .report', '事務局 御中');
    files.bundle.mockResolvedValueOnce(new Blob(['PK']));
    buttonNamed('証拠を1つのファイルに保存').click();
    await vi.waitFor(() => expect([...filesByName.keys()]).toEqual(['koban-report.zip']));
    buttonNamed('証拠を1つのファイルに保存').click();
    await says('.findings .report', 'Kobanに接続できませんでした');
    service.sheet.mockResolvedValueOnce(null);
    press('.findings .reporting button');
    await vi.waitFor(() => expect(text('.findings .report')).not.toContain('事務局 御中'));
  });

  it('learns a text that should have warned, takes that back, and says where it could not', async () => {
    await open();
    await show(kobanState());
    one<HTMLTextAreaElement>('#missed-text')!.value = '先に登録料をお願いします。';
    press('.missed button');
    await says('.missed [role=status]', '登録できませんでした');
    const quote = '先に登録料をお願いします。';
    service.teach.mockResolvedValueOnce({ id: 'a', warns: true, rule: '', risk: '', day: '2026-11-26', quote });
    press('.missed button');
    await says('.taught', '登録しました');
    press('.taught button');
    await vi.waitFor(() => expect(text('.taught')).toBe(''));
    expect(service.unteach).toHaveBeenCalledWith('a');
  });

  it('ends the pairing once it was asked twice, and examines the chain', async () => {
    await open();
    await show(kobanState());
    unfold('.links');
    expect(service.examine).toHaveBeenCalledOnce();
    press('.links .delete');
    expect(service.unpair).not.toHaveBeenCalled();
    press('.links .delete');
    expect(service.unpair).toHaveBeenCalledOnce();
  });

  it('is of no tab where the window has none, and does not fail', async () => {
    vi.spyOn(browser.tabs, 'query').mockResolvedValue([] as never);
    await open();
    await show(kobanState({ page: null }));
    expect(subscribe.mock.lastCall?.[0]).toBe(-1);
    expect(text('h1')).not.toBe('');
  });
});

describe('the popup about a list', () => {
  const anchor = 'a[href$="/public/jobs/1"]';
  const list = () =>
    kobanState({
      page: pageModel({ shown: pageVerdict({ kind: 'job-list', findings: [finding({ subject: 'job', anchor })] }) }),
    });
  const titles = { 'card-titles': { [anchor]: '記事の校正' } };

  it('leads to a card of the page, and gives it the front', async () => {
    const sendMessage = pageAnswers({ ...titles, lead: true });
    const close = vi.spyOn(window, 'close').mockImplementation(() => undefined);
    await open();
    await show(list());
    await says('.cards .lead', '記事の校正');
    press('.cards .lead');
    await vi.waitFor(() => expect(close).toHaveBeenCalledOnce());
    expect(sendMessage).toHaveBeenLastCalledWith(7, { type: 'lead', anchor }, { frameId: 0 });
  });

  it('says that a card is gone', async () => {
    pageAnswers({ ...titles, lead: false });
    await open();
    await show(list());
    await says('.cards .lead', '記事の校正');
    press('.cards .lead');
    await says('.cards [role=status]', 'いまのページには見当たりません。');
  });

  it('brings the page’s tab to the front where it is a tab itself', async () => {
    asTab('tab=9');
    const update = vi.fn(async () => undefined);
    Object.assign(browser.tabs, { update });
    pageAnswers({ ...titles, lead: true });
    await open();
    await show(list());
    expect(subscribe.mock.lastCall?.[0]).toBe(9);
    await says('.cards .lead', '記事の校正');
    press('.cards .lead');
    await vi.waitFor(() => expect(update).toHaveBeenCalledWith(9, { active: true }));
  });

  it('names no card of a page that does not answer', async () => {
    const sendMessage = pageAnswers({});
    await open();
    await show(list());
    await vi.waitFor(() => expect(sendMessage).toHaveBeenCalled());
    await vi.waitFor(() => expect(text('h1')).toContain('1件の仕事に警告があります'));
    expect(one('.cards')).toBeNull();
  });
});

describe('a reply', () => {
  const unpaid = () =>
    withWarning({ rule: 'escrow-not-confirmed', risk: 'work-before-escrow', subject: 'message', severity: 'caution' });
  const clipboard = (writeText: (written: string) => Promise<void>) =>
    Object.defineProperty(navigator, 'clipboard', { value: { writeText }, configurable: true });

  it('stands in the page’s message box', async () => {
    const sendMessage = pageAnswers({ draft: { text: '…', isInserted: true } });
    await open();
    await show(unpaid());
    press('.reply-button');
    await says('.reply [role=status]', '下書きを入れました。');
    expect(sendMessage).toHaveBeenLastCalledWith(7, { type: 'draft', reply: expect.anything() }, { frameId: 0 });
  });

  it('is copied as the page worded it where there is no box', async () => {
    const write = vi.fn(async () => undefined);
    clipboard(write);
    pageAnswers({ draft: { text: '仮払いをお願いします。', isInserted: false } });
    await open();
    await show(unpaid());
    press('.reply-button');
    await says('.reply [role=status]', 'コピーしました');
    expect(write).toHaveBeenCalledWith('仮払いをお願いします。');
  });

  it.each([
    ['the page’s, as the browser knows it', async () => 'fr', /[éèà]/],
    ['the user’s, where it knows none', async () => 'und', /[ぁ-ん]/],
    ['the user’s, where it cannot tell', () => Promise.reject(new Error('no such tab')), /[ぁ-ん]/],
  ])('is in the language of a page that does not answer: %s', async (_, detectLanguage, wanted) => {
    const write = vi.fn(async (_written: string) => undefined);
    clipboard(write);
    pageAnswers({});
    Object.assign(browser.tabs, { detectLanguage });
    await open();
    await show(unpaid());
    press('.reply-button');
    await says('.reply [role=status]', 'コピーしました');
    expect(write.mock.lastCall?.[0]).toMatch(wanted);
  });

  it('is said to be nowhere where the browser lets nothing be copied', async () => {
    clipboard(() => Promise.reject(new Error('denied')));
    pageAnswers({});
    Object.assign(browser.tabs, { detectLanguage: async () => 'ja' });
    await open();
    await show(unpaid());
    press('.reply-button');
    await says('.reply [role=status]', 'コピーもできませんでした');
  });
});

describe('the pictures in sight', () => {
  const place = { url: PICTURE, left: 0, top: 0, width: 0.5, height: 0.5 };

  /** A tab that is drawn as 200 by 100 pixels. */
  function pictured(active = true) {
    Object.assign(browser.tabs, {
      get: async () => ({ id: 7, windowId: 3, active }),
      captureVisibleTab: vi.fn(async () => 'data:image/png;base64,AA=='),
    });
    vi.stubGlobal('createImageBitmap', async () => ({ width: 200, height: 100, close: () => undefined }));
    vi.stubGlobal('fetch', async () => new Response('png'));
    vi.stubGlobal(
      'OffscreenCanvas',
      class {
        getContext = () => ({ drawImage: () => undefined });
        convertToBlob = async () => new Blob(['cut']);
      },
    );
  }

  it('are cut out of the tab and given to Koban, and nothing else of it', async () => {
    pictured();
    pageAnswers({ 'in-sight': [place] });
    await open();
    await show(withUnseen(PICTURE));
    buttonNamed('画面に見えている画像を調べる').click();
    await vi.waitFor(() => expect(service.takePicture).toHaveBeenCalledWith(7, PICTURE, btoa('cut')));
    expect(browser.tabs.captureVisibleTab).toHaveBeenCalledWith(3, { format: 'png' });
    expect(text('.pictures')).not.toContain('ありませんでした');
  });

  it.each([
    ['the page shows none', true, []],
    ['the page does not answer', true, null],
    ['the tab is behind another', false, [place]],
  ])('are none where %s, which is said; the tab is not pictured', async (_, active, inSight) => {
    pictured(active);
    pageAnswers(inSight === null ? {} : { 'in-sight': inSight });
    await open();
    await show(withUnseen(PICTURE));
    buttonNamed('画面に見えている画像を調べる').click();
    await says('.pictures', '全体が大きく見えている画像がありませんでした。');
    expect(browser.tabs.captureVisibleTab).not.toHaveBeenCalled();
    expect(service.takePicture).not.toHaveBeenCalled();
  });
});

describe('a saved file', () => {
  it('is chosen in a tab, since a popup closes under the window that asks', async () => {
    const close = vi.spyOn(window, 'close').mockImplementation(() => undefined);
    await open();
    await show(withUnseen(PAPER));
    buttonNamed('保存したファイルを選ぶ').click();
    await vi.waitFor(() => expect(close).toHaveBeenCalledOnce());
    expect(browser.tabs.create).toHaveBeenCalledWith({ url: expect.stringContaining('/popup.html?tab=7&files=1') });
  });

  it('is given for the page’s tab, and taken back', async () => {
    asTab('tab=9&files=1');
    await open();
    await show(withUnseen(PAPER));
    expect(one('.pictures button'), 'the page is not in sight').toBeNull();
    choose(one('.pictures input[type=file]'), new File(['contents'], 'a.pdf'));
    await vi.waitFor(() => expect(service.takeChosen).toHaveBeenCalledWith(9, PAPER, btoa('contents')));
    const chosenFiles = [{ url: PAPER, whole: true }];
    await show(kobanState({ page: pageModel({ shown: pageVerdict({ chosen: chosenFiles }) }) }));
    await says('.pictures', '「a.pdf」');
    buttonNamed('この結果を取り消す').click();
    await vi.waitFor(() => expect(service.withdrawChosen).toHaveBeenCalledWith(9, PAPER));
  });

  it('is said not to have been looked into, or taken back, where Koban is away', async () => {
    asTab('tab=9&files=1');
    service.takeChosen.mockResolvedValueOnce(false);
    service.withdrawChosen.mockResolvedValueOnce(false);
    await open();
    await show(withUnseen(PAPER));
    choose(one('.pictures input[type=file]'), new File(['contents'], 'a.pdf'));
    await says('.pictures', '調べられませんでした');
    const chosenFiles = [{ url: PAPER, whole: true }];
    await show(kobanState({ page: pageModel({ shown: pageVerdict({ chosen: chosenFiles }) }) }));
    buttonNamed('この結果を取り消す').click();
    await says('.pictures', '取り消せませんでした');
  });
});

it('the popup switches a rule off by its list', async () => {
  await open();
  await show(kobanState({ rules: [rule({ id: 'low-pay', title: { ja: '安い', en: 'Low' } })] }));
  unfold('.rules');
  one<HTMLInputElement>('[data-rule="low-pay"] input')?.click();
  expect(service.change).toHaveBeenCalledWith(expect.objectContaining({ rules: { 'low-pay': false } }));
});
