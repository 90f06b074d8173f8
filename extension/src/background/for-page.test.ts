import { describe, expect, it } from 'vitest';
import { finding, pageModel, pageVerdict } from '../testing/values';
import { forPage } from './for-page';

const FILE = 'https://store.example/k/brief.pdf';
const place = (quote: string, chosen: true | null = null) => ({
  field: 'message.attachment.text',
  quote,
  marked: [[0, 2]] as [number, number][],
  file: FILE,
  box: [1, 2, 3, 4] as [number, number, number, number],
  crop: 'iVBORw0KGgo=',
  chosen,
});
const said = (...findings: ReturnType<typeof finding>[]) =>
  forPage(pageModel({ shown: pageVerdict({ findings }) })).shown?.verdict.findings ?? [];

describe('forPage', () => {
  it('leaves alone what holds nothing of a chosen file', () => {
    const models = [
      pageModel(),
      pageModel({ shown: pageVerdict({ findings: [finding({ evidence: [place('文')] })] }) }),
    ];
    for (const model of models) expect(forPage(model)).toBe(model);
  });

  it('tells the page nothing of what a chosen file says, and where the warning stands', () => {
    const seen = { ja: '「ひみつ」と書かれています。', en: 'It says “ひみつ”.' };
    const [first] = said(finding({ seen, evidence: [place('ひみつ', true)] }));
    expect(JSON.stringify(first)).not.toContain('ひみつ');
    expect(JSON.stringify(first)).not.toContain('iVBORw0KGgo');
    expect(first?.evidence[0]).toMatchObject({ file: FILE, quote: '' });
  });

  it("keeps the page's own words where a chosen file says the same", () => {
    const seen = { ja: '「文」と書かれています。', en: 'It says “文”.' };
    const [first] = said(finding({ seen, evidence: [place('文'), place('ひみつ', true)] }));
    expect(first?.seen).toEqual(seen);
    expect(first?.evidence.map(({ quote }) => quote)).toEqual(['文', '']);
  });
});
