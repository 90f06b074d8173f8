import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Finding, Verdict } from '../api/types';
import { LANGUAGES } from '../lexicon.generated';
import { isList } from '../states';
import { finding, pageModel, pageVerdict } from '../testing/values';
import { warningCount } from '../ui/count';
import { listedFindings } from '../ui/finding';
import { reasonLine, stateLine } from './lines';
import { Words } from './words';

interface Case {
  says: string;
  state: Verdict['state'];
  kind: NonNullable<Verdict['kind']>;
  reason?: NonNullable<Verdict['reason']>;
  findings: (Partial<Finding> & Pick<Finding, 'rule'>)[];
  line: Record<(typeof LANGUAGES)[number], string>;
  warnings: number;
  rows: [rule: string, severity: string, count: number][];
}

/** What Koban's own element says at a page's end is tested against the same table (addon/verdicts/headline.py). */
const CASES = JSON.parse(readFileSync('../tests/addon/verdicts/headlines.json', 'utf8')) as Case[];

describe('issue 19: a verdict is said and counted as at the end of its page', () => {
  it.each(CASES)('$says', ({ findings: rows, ...wanted }) => {
    const findings = rows.map((row) =>
      finding({ title: { ja: `「${row.rule}」の題`, en: `Title of ${row.rule}` }, ...row }),
    );
    const { state, kind, reason } = wanted;
    const verdictOfPage = pageVerdict({ state, kind, findings, ...(reason === undefined ? {} : { reason }) });
    const page = pageModel({ shown: verdictOfPage });
    expect(Object.fromEntries(LANGUAGES.map((language) => [language, stateLine(page, new Words(language))]))).toEqual(
      wanted.line,
    );
    expect(warningCount(verdictOfPage.verdict)).toBe(wanted.warnings);
    expect(
      listedFindings(findings, isList(kind)).map((each) => [each.finding.rule, each.finding.severity, each.count]),
    ).toEqual(wanted.rows);
  });
});

describe('the words for a reason', () => {
  it.each([null, 'a-reason-of-a-newer-koban', 'constructor'])('are that none is known, where none is: %s', (code) => {
    expect(reasonLine(code, new Words('ja'))).toBe('理由はわかりません');
    expect(reasonLine(code, new Words('en'))).toBe('reason unknown');
  });

  it('are also of reasons that no verdict has', () => {
    expect(reasonLine('not-running', new Words('ja'))).toBe('Kobanが動いていません');
    expect(reasonLine('escrow-unknown', new Words('en'))).toContain('escrow');
  });
});
