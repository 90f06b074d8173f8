import { describe, expect, it } from 'vitest';
import { finding, pageModel, pageVerdict } from '../testing/values';
import { stateLine } from './lines';
import { Words } from './words';

describe('Words', () => {
  it('fills places, also with text that looks like one', () => {
    expect(new Words('en').of('warningsLine', 'Danger', '$3 $1', 2)).toBe('Danger: $3 $1 (and 2 more)');
  });

  it('writes days as people do', () => {
    expect(new Words('ja').day('2026-11-24')).toBe('2026年11月24日');
    expect(new Words('en').day('2026-11-24')).toBe('24 November 2026');
    expect(new Words('en').day('some day')).toBe('some day');
    expect(new Words('es').day('2026-11-24')).toBe('24 de noviembre de 2026');
    expect(new Words('pt-BR').day('2026-11-24')).toBe('24 de novembro de 2026');
    expect(new Words('fr').month('2026-11')).toBe('novembre 2026');
  });

  it.each([
    ['ja', '12,345.5'],
    ['en', '12,345.5'],
    ['es', '12.345,5'],
    ['pt-BR', '12.345,5'],
    ['fr', '12\u202f345,5'],
  ] as const)('writes numbers as people do: %s', (language, number) => {
    expect(new Words(language).number(12345.5)).toBe(number);
  });

  it('says a text of Koban’s in its own language, and in English where it is not there', () => {
    const text = { ja: '仕事', en: 'the job', fr: 'la mission' };
    expect((['ja', 'en', 'fr', 'es'] as const).map((language) => new Words(language).in(text))).toEqual([
      '仕事',
      'the job',
      'la mission',
      'the job',
    ]);
  });
});

describe('stateLine', () => {
  const ja = new Words('ja');
  const caution = finding({
    severity: 'caution',
    title: { ja: 'まだ仮払いされていません', en: 'Escrow is not funded yet' },
  });

  it('names the gravest warning, and how many more there are', () => {
    expect(stateLine(pageModel({ shown: pageVerdict({ findings: [caution, finding()] }) }), ja)).toBe(
      '危険：直接契約の誘いです（ほか1件）',
    );
    expect(stateLine(pageModel({ shown: pageVerdict({ findings: [caution] }) }), ja)).toBe(
      '注意：まだ仮払いされていません',
    );
  });

  it('counts no notice as a warning', () => {
    const notice = finding({ severity: 'notice' });
    expect(stateLine(pageModel({ shown: pageVerdict({ findings: [notice], state: 'clear' }) }), ja)).toBe(
      '確認済み（警告はありません）',
    );
    expect(stateLine(pageModel({ shown: pageVerdict({ findings: [caution, notice] }) }), ja)).toBe(
      '注意：まだ仮払いされていません',
    );
  });

  it.each([
    [
      pageModel({ shown: pageVerdict({ state: 'not-checked', reason: 'page-changed' }) }),
      '未確認（ページの作りが変わったため、読み取れません）',
    ],
    [pageModel({ health: 'not-running' }), '未確認（Kobanが動いていません）'],
    [pageModel({ health: 'not-paired' }), '未確認（Kobanとつながっていません）'],
    [pageModel(), '未確認（Kobanを通らずに開かれたページです）'],
    [
      pageModel({ shown: pageVerdict({ state: 'not-checked', reason: 'a-reason-of-tomorrow' as 'failed' }) }),
      /^未確認（/,
    ],
  ])('gives the reason where a page was not checked', (model, expected) => {
    expect(stateLine(model, ja)).toMatch(expected);
  });
});
