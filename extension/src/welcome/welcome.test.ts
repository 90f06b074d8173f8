import { readFileSync } from 'node:fs';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import ja from '../../public/_locales/ja/messages.json';
import { finding, pageVerdict, popupModel, settings } from '../testing';
import { Welcome, type WelcomeDoing } from './welcome';

describe('Welcome', () => {
  const does = {
    number: vi.fn<WelcomeDoing['number']>(async () => 'shown'),
    enter: vi.fn<WelcomeDoing['enter']>(async () => 'used'),
    demonstrate: vi.fn<WelcomeDoing['demonstrate']>(async () => pageVerdict({ findings: [finding()] })),
    isPinned: vi.fn<WelcomeDoing['isPinned']>(async () => null),
    again: vi.fn(),
    change: vi.fn(),
    options: vi.fn(),
  };
  let welcome: Welcome;
  const text = (selector: string) => document.querySelector(selector)?.textContent;
  const press = async (selector: string) => {
    document.querySelector<HTMLButtonElement>(selector)?.click();
    await vi.waitFor(() => undefined);
  };

  beforeEach(() => {
    document.body.replaceChildren();
    welcome = new Welcome(document.body, '0.1.0', does);
  });

  it('has nothing to ask of one who is connected', async () => {
    await welcome.show(popupModel({}));
    expect(text('#connect [role=status]')).toBe('接続できています。次へ進んでください。');
    expect(document.querySelector('#connect button')).toBeNull();
  });

  it('connects by a number, and says where it was a wrong one', async () => {
    await welcome.show(popupModel({ health: 'not-paired', version: null }));
    expect(document.querySelector<HTMLFormElement>('form')?.hidden).toBe(true);
    await press('#connect button');
    expect(document.querySelector<HTMLFormElement>('form')?.hidden).toBe(false);
    const field = document.querySelector<HTMLInputElement>('form input');
    if (field === null) throw new Error('no field');
    field.value = '123 456';
    document.querySelector('form')?.dispatchEvent(new Event('submit', { cancelable: true }));
    await vi.waitFor(() => expect(text('.said')).toBe('番号が違うか、期限が切れています。もう一度、番号を表示してください。'));
    expect(does.enter).toHaveBeenCalledWith('123 456');
  });

  it('asks again where Koban does not run', async () => {
    await welcome.show(popupModel({ health: 'not-running', version: null }));
    await press('#connect button');
    expect(does.again).toHaveBeenCalledOnce();
  });

  it('shows what is found in a made-up job', async () => {
    await welcome.show(popupModel({}));
    await press('#try button');
    await vi.waitFor(() => expect(text('.result .line')).toBe('危険：直接契約の誘いです'));
    expect(document.querySelectorAll('.result .finding')).toHaveLength(1);
    does.demonstrate.mockResolvedValueOnce(null);
    await press('#try button');
    await vi.waitFor(() => expect(text('.result')).toBe('調べられませんでした。先にKobanとつないでください。'));
  });

  it('says whether the icon is in sight', async () => {
    await welcome.show(popupModel({}));
    expect(text('#place')).toContain('パズル');
    does.isPinned.mockResolvedValueOnce(true);
    await welcome.show(popupModel({}));
    expect(text('#place')).toContain('アイコンはツールバーに出ています。');
  });

  it('shows the very words that are judged', () => {
    const page = readFileSync('public/demonstration.html', 'utf8').replaceAll('<br>', '');
    expect(page).toContain(ja.welcomeTryBody.message);
    expect(page).toContain(ja.welcomeTryTitle.message);
  });

  it('asks once whether texts and pages are kept, and keeps neither until it is answered', async () => {
    await welcome.show(popupModel({}));
    expect([...document.querySelectorAll('.question button')].map((each) => each.textContent)).toEqual(['残さない', '残す', '残さない', '残す']);
    await press('.question.texts button:last-child');
    expect(does.change).toHaveBeenLastCalledWith({ history: { texts: true } });
    await press('.question.pages button:first-child');
    expect(does.change).toHaveBeenLastCalledWith({ history: { pages: false } });
    await welcome.show(popupModel({ settings: settings({ history: { enabled: true, days: 548, texts: true, pages: false } }) }));
    expect(document.querySelector('.question')).toBeNull();
    expect([...document.querySelectorAll('.answer')].map((each) => each.textContent)).toEqual(['残します。設定で変えられます。', '残しません。設定で変えられます。']);
  });
});
