import { beforeEach, describe, expect, it, vi } from 'vitest';
import { LONGEST_TEXT } from '../api/bounds.generated';
import { finding, kobanState, verdict } from '../testing/values';
import { Playground, type PlaygroundActions } from './playground';

describe('Playground', () => {
  const check = vi.fn<PlaygroundActions['check']>(async () => verdict({ findings: [finding()] }));
  let playground: Playground;
  const box = () => document.querySelector<HTMLTextAreaElement>('textarea')!;
  const text = (selector: string) => document.querySelector(selector)?.textContent;
  const submit = (value: string) => {
    box().value = value;
    document.querySelector('form')?.dispatchEvent(new Event('submit', { cancelable: true }));
  };

  beforeEach(() => {
    check.mockClear();
    document.body.replaceChildren();
    playground = new Playground(document.body, { check });
    playground.show(kobanState());
  });

  it('test_reach_07 shows verdict, reasons and marked words of a text', async () => {
    submit('報酬は直接お願いします。');
    await vi.waitFor(() => expect(text('.result .line')).toBe('危険：直接契約の誘いです'));
    expect(check).toHaveBeenCalledWith('message', '報酬は直接お願いします。');
    expect(text('.result .reason')).toBe('規約で禁止されています。');
    expect(text('.whole')).toBe('報酬は直接お願いします。');
    expect(text('.whole mark')).toBe('直接お願いします');
  });

  it('test_reach_07 speaks of no words where none is marked', async () => {
    check.mockResolvedValueOnce(verdict());
    submit('よろしくお願いします。');
    await vi.waitFor(() => expect(text('.whole')).toBe('よろしくお願いします。'));
    expect(document.querySelector('.result h2')).toBeNull();
  });

  it('test_reach_07 asks of the kind that is chosen, and nothing of an empty box', async () => {
    submit('  ');
    expect(check).not.toHaveBeenCalled();
    document.querySelector<HTMLInputElement>('input[value=job]')?.click();
    await vi.waitFor(() => expect(document.querySelector<HTMLInputElement>('input[value=job]')?.checked).toBe(true));
    submit('急募');
    await vi.waitFor(() => expect(check).toHaveBeenCalledWith('job', '急募'));
    expect(box().maxLength).toBe(LONGEST_TEXT);
  });

  it('test_reach_07 says where Koban could not be asked, and keeps what is written when the language changes', async () => {
    check.mockResolvedValueOnce(null);
    submit('直接お願いします');
    await vi.waitFor(() => expect(text('.result')).toContain('調べられませんでした'));
    playground.show(kobanState({ language: 'en' }));
    expect(text('h1')).toBe('Try a text');
    expect(box().value).toBe('直接お願いします');
  });
});
