import { render } from 'preact';
import { beforeEach, describe, expect, it } from 'vitest';
import { finding } from '../testing/values';
import { group } from '../ui/virtual';
import { markedText } from './marked-text';

describe('markedText', () => {
  const show = (text: string, ...quotes: [quote: string, marked?: [number, number][]][]) => {
    const evidence = quotes.map(([quote, marked = []]) => ({ field: 'message.body', quote, marked }));
    render(group('text', ...markedText(text, [finding({ evidence })])), document.body);
    return [...document.querySelectorAll('mark')].map((each) => each.textContent);
  };

  beforeEach(() => render(null, document.body));

  it('test_reach_07 marks what findings quote, and keeps the whole text', () => {
    expect(show('先に作業を始めて、LINEでお願いします。', ['LINEで'])).toEqual(['LINEで']);
    expect(document.body.textContent).toBe('先に作業を始めて、LINEでお願いします。');
  });

  it('test_reach_07 marks the words that weigh most, counted as Python counts', () => {
    expect(show('🙂🙂直接お願いします', ['🙂🙂直接お願いします', [[2, 4]]])).toEqual(['直接']);
  });

  it('test_reach_07 unites what overlaps, and passes over what does not stand there', () => {
    expect(show('abcdef', ['abc'], ['cde'], ['xyz'], [''])).toEqual(['abcde']);
  });

  it('test_reach_07 shows hostile text as text', () => {
    const hostile = '<img src=x onerror=alert(1)> LINE';
    expect(show(hostile, ['<img src=x onerror=alert(1)>'])).toEqual(['<img src=x onerror=alert(1)>']);
    expect(document.querySelector('img')).toBeNull();
  });
});
