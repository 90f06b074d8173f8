import { expect, it } from 'vitest';
import { Words } from '../i18n/words';
import { warned } from '../testing/values';
import { Root } from '../ui/virtual';
import { bars, byMonth, byRule } from './plots';

const some = [
  warned({ first_seen: '2026-08-31T16:00:00Z' }),
  warned({
    first_seen: '2026-11-02T00:00:00Z',
    severity: 'caution',
    rule: 'low-pay',
    risk: 'low-pay',
    title: { ja: '安い', en: 'Low' },
  }),
  warned({ first_seen: '2026-11-03T00:00:00Z' }),
];

it('counts by the month in Japan, and leaves no month out between', () => {
  expect(byMonth(some, '2026-11-25')).toEqual([
    ['2026-09', { danger: 1, caution: 0 }],
    ['2026-10', { danger: 0, caution: 0 }],
    ['2026-11', { danger: 1, caution: 1 }],
  ]);
  expect(byMonth([warned({ first_seen: '2024-01-01T00:00:00Z' })], '2026-11-25')).toHaveLength(12);
});

it('test_ux_history counts each warning under its own title, and says how many kinds are left out', () => {
  // Two rules of one risk are two titles: none stands for the other.
  const other = warned({ rule: 'direct-later', title: { ja: 'あとで直接契約', en: 'Direct later' } });
  const { counts, rest } = byRule([...some, other]);
  expect(counts.map(([title, count]) => [title.ja, count.danger + count.caution])).toEqual([
    ['直接契約の誘いです', 2],
    ['安い', 1],
    ['あとで直接契約', 1],
  ]);
  expect(rest).toBe(0);
  const many = Array.from({ length: 12 }, (_, number) =>
    warned({ rule: `r${number}`, title: { ja: `題${number}`, en: `t${number}` } }),
  );
  expect([byRule(many).counts.length, byRule(many).rest]).toEqual([10, 2]);
});

it('draws each bar in proportion, with its number beside it', () => {
  const drawn = bars(
    '月ごと',
    '月',
    [
      ['10月', { danger: 1, caution: 3 }],
      ['11月', { danger: 2, caution: 0 }],
    ],
    new Words('ja'),
  );
  new Root(document.body).draw(drawn);
  const table = document.querySelector('table')!;
  const widths = [...table.querySelectorAll<HTMLElement>('.bar')].map(
    (bar) => bar.style.inlineSize || bar.getAttribute('style'),
  );
  expect(widths.map((width) => /[\d.]+/.exec(width ?? '')?.[0])).toEqual(['25.0', '75.0', '50.0']);
  expect([...table.querySelectorAll('tbody .count')].map((count) => count.textContent)).toEqual(['1', '3', '2', '0']);
});
