import { beforeEach, describe, expect, it } from 'vitest';
import { h } from '../ui/dom';
import { boxOf, writtenIn } from './box';

beforeEach(() => document.body.replaceChildren());

/** The same element with a size, which nothing has where nothing is laid out. */
function drawn<Of extends HTMLElement>(element: Of): Of {
  Object.defineProperties(element, { offsetWidth: { value: 400 }, offsetHeight: { value: 40 } });
  document.body.append(element);
  return element;
}

describe('boxOf', () => {
  it('knows what messages are written in', () => {
    const area = drawn(h('textarea'));
    const line = drawn(h('input', { type: 'text', placeholder: 'メッセージを入力' }));
    const nameless = drawn(h('input', { name: 'message[body]' }));
    const editor = drawn(h('div', { contenteditable: 'true' }, h('p', { contenteditable: 'true' }, h('b', {}, '一'))));
    for (const box of [area, line, nameless, editor]) expect(boxOf(box)).toBe(box);
    expect(boxOf(editor.querySelector('b'))).toBe(editor);
  });

  it('leaves all else alone', () => {
    const others = [
      h('input', { type: 'search', placeholder: 'メッセージを検索' }),
      h('input', { type: 'password', name: 'message' }),
      h('input', { type: 'text', name: 'postal_code' }),
      h('input', { type: 'text', name: 'message', readonly: true }),
      h('textarea', { disabled: true }),
      h('div', { contenteditable: 'false' }),
      h('p', {}, '言葉'),
    ];
    for (const other of others) expect(boxOf(drawn(other)), other.outerHTML).toBeNull();
    expect(boxOf(h('textarea')), 'too small').toBeNull();
    expect(boxOf(document)).toBeNull();
  });
});

it('reads what is written in each kind', () => {
  const area = h('textarea');
  area.value = '一';
  const line = h('input');
  line.value = '二';
  expect([area, line, h('div', { contenteditable: 'true' }, '三')].map(writtenIn)).toEqual(['一', '二', '三']);
});
