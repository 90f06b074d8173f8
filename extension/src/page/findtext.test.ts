import { beforeEach, expect, it } from 'vitest';
import { h } from '../ui/dom';
import { DrawnText } from './findtext';

beforeEach(() => document.body.replaceChildren());

const found = (quote: string) => new DrawnText(document.body).find(quote).map(String);

it('finds a sentence across elements, line breaks and spaces', () => {
  document.body.append(h('p', {}, '先に', h('b', {}, '着手'), '\n  して', h('br'), 'いただけますか。次'));
  expect(found('先に着手していただけますか。')).toEqual(['先に着手\n  していただけますか。']);
  expect(found('先に 着手\nして')).toHaveLength(1);
});

it('finds every place, and none that is not there', () => {
  document.body.append(h('p', {}, '直接契約で、直接契約で'));
  expect(found('直接契約')).toEqual(['直接契約', '直接契約']);
  expect(found('間接契約')).toEqual([]);
  expect(found('  ')).toEqual([]);
});

it('finds a figure whole', () => {
  document.body.append(h('p', {}, '15,000円のうち5,000円、または5,000.50'));
  expect(found('5,000').map(String)).toHaveLength(1);
  expect(found('15,000')).toHaveLength(1);
});

it('looks neither into what is typed nor into scripts', () => {
  document.body.append(
    h('textarea', {}, '直接契約'),
    h('div', { contenteditable: '' }, '直接契約'),
    h('script', {}, '直接契約'),
  );
  expect(found('直接契約')).toEqual([]);
});

it('attack 15: reads a text that says the same again and again once, and marks its first places', () => {
  const text = document.createTextNode('直接契約しませんか。'.repeat(8_000));
  document.body.append(h('p', {}, text));
  let reads = 0;
  const { data } = text;
  Object.defineProperty(text, 'data', {
    get: () => {
      reads += 1;
      return data;
    },
  });
  const places = new DrawnText(document.body).find('直接契約しませんか。');
  expect(places).toHaveLength(200);
  expect(places.map(({ startOffset }) => startOffset)).toEqual(Array.from({ length: 200 }, (_, number) => number * 10));
  expect(reads).toBeLessThan(20_000);
});

it('finds its places over many nodes, in their order', () => {
  document.body.append(...Array.from({ length: 20 }, () => h('p', {}, ' 直接 ', h('b', {}, '契 約'), 'を')));
  const places = new DrawnText(document.body).find('契約');
  expect(places.map(String)).toEqual(Array.from({ length: 20 }, () => '契 約'));
  expect(found('約を直接契')).toHaveLength(19);
});
