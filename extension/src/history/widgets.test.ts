import { beforeEach, describe, expect, it, vi } from 'vitest';
import { Words } from '../i18n/words';
import { due, known } from '../testing/values';
import { Root } from '../ui/virtual';
import { today } from './parts';
import { dueList, noteField } from './widgets';

const WORDS = new Words('ja');

describe('noteField', () => {
  const keep = vi.fn(async (_: string | null) => true);
  let root: Root;
  const box = () => document.querySelector('textarea')!;
  const status = () => document.querySelector('[role=status]')?.textContent;
  const leave = (text: string) => {
    box().value = text;
    box().dispatchEvent(new Event('change'));
  };

  beforeEach(() => {
    keep.mockClear();
    document.body.replaceChildren();
    root = new Root(document.body);
    root.draw(noteField(known(), WORDS, keep));
  });

  it('stores what is written when it is left, and says whether', async () => {
    expect(box().value).toBe('返事が早い');
    leave('新しい覚え');
    await vi.waitFor(() => expect(status()).toBe(WORDS.of('noteKept')));
    expect(keep).toHaveBeenCalledWith('新しい覚え');
    keep.mockResolvedValueOnce(false);
    leave('  ');
    await vi.waitFor(() => expect(status()).toBe(WORDS.of('noteFailed')));
    expect(keep).toHaveBeenLastCalledWith(null);
  });

  it('house 03: keeps a draft where another window stores a note, and follows it where there is none', async () => {
    root.draw(noteField(known({ note: '別の窓の覚え' }), WORDS, keep));
    expect(box().value).toBe('別の窓の覚え');
    box().value = '書きかけ';
    box().focus();
    root.draw(noteField(known({ note: 'もう一つ' }), WORDS, keep));
    expect(box().value).toBe('書きかけ');
    expect(document.activeElement).toBe(box());
    leave('書きかけ');
    await vi.waitFor(() => expect(keep).toHaveBeenCalledWith('書きかけ'));
    root.draw(noteField(known({ note: 'あとの覚え' }), WORDS, keep));
    await vi.waitFor(() => expect(box().value).toBe('あとの覚え'));
  });

  it('is another box for another client', () => {
    box().value = '書きかけ';
    root.draw(noteField(known({ id: '53', note: null }), WORDS, keep));
    expect(box().value).toBe('');
  });
});

it('says of due dates how near they are, and of which deal', () => {
  const days = [today(-1), today(), today(1), today(5)];
  new Root(document.body).draw(
    dueList(
      days.map((day) => due({ day, url: null })),
      WORDS,
    ),
  );
  expect([...document.querySelectorAll('li strong')].map(({ className }) => className)).toEqual([
    'overdue',
    'dueToday',
    'dueTomorrow',
  ]);
  expect(document.body.textContent).toContain('記事作成');
});
