import { describe, expect, it } from 'vitest';
import { stateLine } from '../i18n/lines';
import { Words } from '../i18n/words';
import { bannerOf } from '../page/banner';
import { finding, pageModel, pageVerdict, verdict } from '../testing/values';
import { warningCount } from './count';

const notice = finding({ rule: 'note', severity: 'notice' });
const caution = finding({ rule: 'other', severity: 'caution' });
const of = (id: number, over = {}) => finding({ subject: 'job', anchor: `a[href$="/public/jobs/${id}"]`, ...over });

describe('warningCount (UX A18)', () => {
  it('counts cautions and dangers, and no notices', () => {
    expect(warningCount(verdict({ findings: [finding(), caution, notice] }))).toBe(2);
    expect(warningCount(verdict({ findings: [notice] }))).toBe(0);
    expect(warningCount(null)).toBe(0);
  });

  it('counts the cards of a list that have any', () => {
    const findings = [of(1), of(1, { rule: 'other' }), of(2), of(3, { severity: 'notice' })];
    expect(warningCount(verdict({ kind: 'job-list', findings }))).toBe(2);
  });

  it('is what banner and tooltip say, on a list and elsewhere', () => {
    const words = new Words('ja');
    const list = pageModel({
      shown: pageVerdict({
        kind: 'job-list',
        findings: [of(1), of(1, { rule: 'other' }), of(2), of(2, { severity: 'notice', rule: 'n' })],
      }),
    });
    expect(stateLine(list, words)).toBe('危険：2件の仕事に警告があります');
    expect(bannerOf(list).querySelector('.head')?.textContent).toContain('2件の仕事に警告があります');
    const detail = pageModel({ shown: pageVerdict({ findings: [finding(), caution, notice] }) });
    expect(stateLine(detail, words)).toContain('（ほか1件）');
    expect(bannerOf(detail).querySelector('.more > summary')?.textContent).toContain('ほか1件');
  });
});
