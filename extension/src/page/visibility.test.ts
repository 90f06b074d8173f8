import { beforeEach, expect, it, vi } from 'vitest';
import { layOut, place, preparePage } from '../testing/page';
import { h } from '../ui/dom';
import { AfterLayout } from './layout';
import { isVisible, visibleBoxesIn, visibleBoxesNear } from './visibility';

beforeEach(preparePage);

const at = (top: number) => ({ left: 0, top, width: 100, height: 20 });

it('knows the words, pictures and controls near a place, and none of Koban’s own', () => {
  const near = place(h('p', {}, '近く'), at(0));
  const far = place(h('p', {}, '遠く'), at(500));
  const picture = place(h('img'), at(10));
  const own = place(h('koban-desk' as 'div', {}, '交番'), at(5));
  const blank = place(h('p', {}, ' '), at(5));
  document.body.append(near, far, picture, own, blank);
  const found = visibleBoxesNear(document.body, { left: 0, top: 0, width: 50, height: 50 });
  expect(found.map(({ top }) => top).sort()).toEqual([0, 10]);
});

it('knows all that an element draws', () => {
  const button = place(h('button', {}, '押す'), at(40));
  const hidden = place(h('img'), { left: 0, top: 0, width: 0, height: 0 });
  const words = place(h('p', {}, '言葉', h('i', {}, ' ')), at(0));
  const found = visibleBoxesIn(h('div', {}, words, button, hidden));
  expect(found.every(isVisible)).toBe(true);
  expect(new Set(found.map(({ top }) => top))).toEqual(new Set([0, 40]));
});

it('knows the frame around a label within a line', () => {
  const label = place(
    h('span', { style: 'display: inline; padding-left: 8px; padding-right: 8px; border-left-width: 1px' }, '待ち'),
    at(0),
  );
  const block = place(h('p', { style: 'display: block; padding-left: 8px' }, '段落'), at(40));
  const card = h('div', {}, label, block);
  document.body.append(card);
  const [framed, plain] = visibleBoxesIn(card);
  expect([framed?.left, framed?.right]).toEqual([-9, 108]);
  expect([plain?.left, plain?.right]).toEqual([0, 100]);
});

it('acts after the next layout, once for each wish, and not after it was forgotten', () => {
  const act = vi.fn();
  const after = new AfterLayout(act);
  after.want();
  after.want();
  expect(act).not.toHaveBeenCalled();
  layOut();
  layOut();
  expect(act).toHaveBeenCalledOnce();
  after.want();
  after.forget();
  layOut();
  expect(act).toHaveBeenCalledOnce();
});
