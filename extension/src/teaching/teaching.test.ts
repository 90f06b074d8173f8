import { beforeEach, describe, expect, it, vi } from 'vitest';
import { ApiError, type KobanApi } from '../api/client';
import type { LessonInfo } from '../api/types';
import { Words } from '../i18n/words';
import { rule } from '../testing/values';
import { Root } from '../ui/virtual';
import { teachingActions } from './actions';
import { lessonLine, lessonList } from './lessons';
import { missedEntry } from './missed';

const WORDS = new Words('ja');
const RULES = [
  rule({ id: 'direct-contract', risk: 'direct-contract' }),
  rule({ id: 'pay-first', risk: 'fee-upfront', title: { ja: '先払い', en: 'Pay first' } }),
  rule({ id: 'pay-more', risk: 'fee-upfront' }),
];
const lesson = (over: Partial<LessonInfo> = {}): LessonInfo => ({
  id: '0123456789abcdef',
  warns: true,
  rule: '',
  risk: '',
  day: '2026-11-26',
  quote: '[name]様、<b>先に</b>お願いします',
  ...over,
});
const press = (selector: string) => document.querySelector<HTMLButtonElement>(selector)?.click();

beforeEach(() => document.body.replaceChildren());

describe('a text that should have warned', () => {
  const teach = vi.fn(async (): Promise<LessonInfo | 'refused' | 'failed'> => lesson());
  const selection = vi.fn(async () => '選んだ文章です。');
  const taken = vi.fn();
  const box = () => document.querySelector('textarea')!;
  const open = async () => {
    const actions = { teach, selection };
    new Root(document.body).draw(missedEntry({ rules: RULES, words: WORDS, actions, taught: taken }));
    const entry = document.querySelector('details')!;
    entry.open = true;
    entry.dispatchEvent(new Event('toggle'));
    await vi.waitFor(() => expect(selection).toHaveBeenCalled());
    await Promise.resolve();
    return entry;
  };

  beforeEach(() => {
    teach.mockClear();
    selection.mockClear();
    taken.mockClear();
  });

  it('begins with what is marked in the page, and names each risk once', async () => {
    await open();
    await vi.waitFor(() => expect(box().value).toBe('選んだ文章です。'));
    expect([...document.querySelectorAll('option')].map(({ value, text }) => [value, text])).toEqual([
      ['', 'わからない'],
      ['direct-contract', '直接契約の誘いです'],
      ['fee-upfront', '先払い'],
    ]);
  });

  it('is taught as it was edited, and then gone', async () => {
    const entry = await open();
    await vi.waitFor(() => expect(box().value).not.toBe(''));
    box().value = '先に登録料をお願いします。';
    document.querySelector('select')!.value = 'fee-upfront';
    press('button');
    await vi.waitFor(() => expect(taken).toHaveBeenCalledWith(lesson()));
    expect(teach).toHaveBeenCalledWith({
      warns: true,
      rule: '',
      risk: 'fee-upfront',
      texts: ['先に登録料をお願いします。'],
    });
    expect(box().value).toBe('');
    expect(entry.open).toBe(false);
  });

  it.each([
    ['refused', '短すぎて見分けられません。もう少し長く入力してください。'],
    ['failed', '登録できませんでした。Kobanが動いているか、ご確認ください。'],
  ] as const)('says that it was %s, and keeps what was written', async (answer, line) => {
    teach.mockResolvedValueOnce(answer);
    await open();
    await vi.waitFor(() => expect(box().value).not.toBe(''));
    press('button');
    await vi.waitFor(() => expect(document.querySelector('[role=status]')?.textContent).toBe(line));
    expect(box().value).toBe('選んだ文章です。');
    expect(taken).not.toHaveBeenCalled();
  });

  it('leaves what is being written when it is unfolded again', async () => {
    const entry = await open();
    await vi.waitFor(() => expect(box().value).not.toBe(''));
    box().value = '途中まで';
    entry.dispatchEvent(new Event('toggle'));
    await Promise.resolve();
    await Promise.resolve();
    expect(box().value).toBe('途中まで');
  });
});

describe('the list of lessons', () => {
  const actions = {
    unteach: vi.fn(async () => true),
    lessons: vi.fn(async () => []),
    contribution: vi.fn(async (): Promise<string | null> => '{"text":"…"}\n'),
    save: vi.fn(),
  };
  const changed = vi.fn();
  const draw = (...lessons: LessonInfo[]) =>
    new Root(document.body).draw(...lessonList(lessons, RULES, WORDS, actions, changed));

  beforeEach(() => {
    for (const each of [...Object.values(actions), changed]) each.mockClear();
  });

  it('says what each is about, as text', () => {
    expect(lessonLine(lesson(), RULES, WORDS)).toBe(
      '「[name]様、<b>先に</b>お願いします」に似た文章で警告する（2026年11月26日）',
    );
    const wrong = lesson({ warns: false, rule: 'direct-contract', quote: '$2 です' });
    expect(lessonLine(wrong, RULES, WORDS)).toBe(
      '「$2 です」に似た文章では「直接契約の誘いです」の警告を表示しない（2026年11月26日）',
    );
    draw(lesson());
    expect(document.querySelector('b')).toBeNull();
  });

  it('undoes one by one', async () => {
    draw(lesson(), lesson({ id: 'fedcba9876543210' }));
    document.querySelectorAll<HTMLButtonElement>('li button')[1]?.click();
    await vi.waitFor(() => expect(changed).toHaveBeenCalledOnce());
    expect(actions.unteach).toHaveBeenCalledWith('fedcba9876543210');
  });

  it('shows what may be passed on before it writes a file', async () => {
    draw(lesson());
    press('p button');
    await vi.waitFor(() => expect(document.querySelector('textarea')?.value).toBe('{"text":"…"}\n'));
    expect(actions.save).not.toHaveBeenCalled();
    press('.contribution button');
    expect(actions.save).toHaveBeenCalledWith('koban-lessons.jsonl', '{"text":"…"}\n', 'application/jsonl');
  });

  it('says where there is none', () => {
    draw();
    expect(document.body.textContent).toBe('登録した文章はありません。');
  });
});

describe('teaching over the API', () => {
  const api = (over: Partial<KobanApi>) => teachingActions(async () => over as KobanApi);

  it('tells a text that teaches nothing from a Koban that cannot be asked', async () => {
    const request = { warns: true, rule: '', risk: '', texts: ['x'.repeat(9_000)] };
    const teach = vi.fn(async () => lesson());
    expect(await api({ teach }).teach(request)).toEqual(lesson());
    expect(teach).toHaveBeenCalledWith({ ...request, texts: ['x'.repeat(6_000)] });
    expect(await api({ teach: () => Promise.reject(new ApiError('failed', 422)) }).teach(request)).toBe('refused');
    expect(await api({ teach: () => Promise.reject(new ApiError('failed', 507)) }).teach(request)).toBe('failed');
    expect(await teachingActions(async () => null).teach(request)).toBe('failed');
  });

  it('tells of lessons that may take warnings away, once Koban has them', async () => {
    const onFewerWarnings = vi.fn();
    const lessons = [lesson({ id: 'a' }), lesson({ id: 'b', warns: false })];
    const there = { teach: async () => lesson(), lessons: async () => lessons, unteach: async () => undefined };
    const teaching = teachingActions(async () => there as Partial<KobanApi> as KobanApi, onFewerWarnings);
    const request = { warns: true, rule: '', risk: '', texts: ['x'] };
    await teaching.teach(request);
    expect(onFewerWarnings).not.toHaveBeenCalled();
    await teaching.teach({ ...request, warns: false, rule: 'pay-first' });
    expect(onFewerWarnings).toHaveBeenCalledOnce();
    await teaching.unteach('a');
    expect(onFewerWarnings).toHaveBeenCalledTimes(2);
    await teaching.unteach('b');
    await teaching.withdraw(Promise.resolve(lesson({ id: 'c', warns: false })));
    expect(onFewerWarnings, 'undone, it warns of more').toHaveBeenCalledTimes(2);
    await teaching.unteach(null);
    await teaching.withdraw(Promise.resolve(lesson({ id: 'd' })));
    expect(onFewerWarnings).toHaveBeenCalledTimes(4);
    there.unteach = () => Promise.reject(new Error());
    await teaching.unteach('a');
    expect(onFewerWarnings).toHaveBeenCalledTimes(4);
  });

  it('says whether a lesson is gone', async () => {
    expect(await api({ unteach: async () => undefined }).unteach('a')).toBe(true);
    expect(await api({ unteach: () => Promise.reject(new Error()) }).unteach('a')).toBe(false);
    expect(await teachingActions(async () => null).lessons()).toBeNull();
  });
});
