import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Evidence } from '../api/types';
import { Words } from '../i18n/words';
import { finding } from '../testing/values';
import { DOM } from './dom';
import { findingParts, withMarks } from './finding';

/** Koban's own element at a page's end marks by the same table (addon/verdicts/settle.py). */
const MARKS = JSON.parse(readFileSync('../tests/addon/verdicts/marks.json', 'utf8')) as {
  says: string;
  sentence: string;
  evidence: { quote: string; marked: [number, number][] }[];
  parts: [text: string, isMarked: boolean][];
}[];

const quoting = (quote: string, ...marked: [number, number][]): Evidence => ({ field: 'message.body', quote, marked });

function html(seen: string, ...evidence: Evidence[]): string {
  const element = document.createElement('p');
  element.append(...withMarks(DOM, seen, evidence));
  return element.innerHTML;
}

describe('the quote of a warning', () => {
  it.each(MARKS)('$says', ({ sentence, evidence, parts }) => {
    const element = document.createElement('p');
    element.append(
      ...withMarks(
        DOM,
        sentence,
        evidence.map(({ quote, marked }) => quoting(quote, ...marked)),
      ),
    );
    element.normalize();
    expect([...element.childNodes].map((node) => [node.textContent, node.nodeName === 'MARK'])).toEqual(parts);
  });

  it('is text, whatever it says', () => {
    const quote = '<img src=x onerror=alert(1)> LINE';
    expect(html(quote, quoting(quote, [0, 28]))).toBe('<mark>&lt;img src=x onerror=alert(1)&gt;</mark> LINE');
  });

  it('is marked in the parts of a finding', () => {
    const seen = { ja: '「LINEで話しましょう」', en: '“LINEで話しましょう”' };
    const parts = findingParts(
      DOM,
      finding({ seen, evidence: [quoting('LINEで話しましょう', [0, 4])] }),
      new Words('ja'),
    );
    expect(parts.querySelector('.seen mark')?.textContent).toBe('LINE');
  });
});

describe('the evidence in a picture', () => {
  const CROP = 'iVBORw0KGgoAAAANSUhEUg==';
  const drawn = (places: Partial<Evidence>[], more = 0) =>
    findingParts(
      DOM,
      finding({
        evidence: places.map((place) => ({ ...quoting('LINE'), file: 'https://a.example/x', ...place })),
        more,
      }),
      new Words('ja'),
    );
  const images = (...crops: (string | null)[]) =>
    [...drawn(crops.map((crop) => ({ crop }))).querySelectorAll('img')].map(({ src, alt }) => [src, alt]);

  it('is shown as Koban cut it out, each piece once', () => {
    const shown = [`data:image/png;base64,${CROP}`, '画像の中の該当部分：「LINE」'];
    expect(images(CROP, CROP, null)).toEqual([shown]);
  });

  it('is all there: the first pieces open, further ones and words of files folded, the rest counted', () => {
    const crops = ['A', 'B', 'C'].map((end) => ({ crop: `iVBORw0KGgo${end}` }));
    const parts = drawn([...crops, { quote: 'あ'.repeat(70) }], 5);
    expect(parts.querySelectorAll('img')).toHaveLength(3);
    const folded = parts.querySelector('details');
    expect(folded?.open).toBe(false);
    expect(folded?.querySelector('summary')?.textContent).toBe('同じことが書かれたほかの場所：7か所');
    expect(folded?.querySelectorAll('img')).toHaveLength(1);
    expect([...(folded?.querySelectorAll('p') ?? [])].map((line) => line.textContent)).toEqual([
      `${'あ'.repeat(59)}…`,
      'このほかに5か所あり、表示していません',
    ]);
  });

  it('of a document is in its sentence, and no fold stands where there is no more', () => {
    expect(drawn([{}]).querySelector('details, .further-place')).toBeNull();
    expect(drawn([{}, { quote: 'Telegram' }]).querySelector('details q')?.textContent).toBe('Telegram');
    expect(drawn([{}], 3).querySelector('.further-place')?.textContent).toBe('このほかに3か所あり、表示していません');
  });

  it.each(['https://cdn.example/a.png', 'iVBORw0KGgo,"><script>', 'PHN2Zz4=', `iVBORw0KGgo${'A'.repeat(33_000)}`])(
    'is nothing else: %.30s',
    (crop) => {
      expect(images(crop)).toEqual([]);
    },
  );

  it('is left to the popup where it stands in a file that the user chose', () => {
    const place = { ...quoting(''), file: 'https://a.example/b', chosen: true as const };
    const parts = findingParts(DOM, finding({ seen: { ja: '', en: '' }, evidence: [place, place] }), new Words('ja'));
    expect(parts.textContent).toContain('選んだファイルの中にありました');
    expect(parts.querySelector('q')).toBeNull();
  });
});
