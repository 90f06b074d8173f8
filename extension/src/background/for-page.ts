/**
 * What is told to a page's own part of the extension. A page that searches itself (`window.find`) finds what closed
 * roots hold, word by word, so that what a file says that its user chose, which no script of the page could read, is
 * not even in there: the popup alone shows it.
 */
import type { Evidence, Finding } from '../api/types';
import type { PageModel } from '../messages';

export function forPage(model: PageModel): PageModel {
  const { shown } = model;
  if (shown === null || !shown.verdict.findings.some(({ evidence }) => evidence.some(isChosen))) return model;
  const findings = shown.verdict.findings.map(withoutChosen);
  return { ...model, shown: { ...shown, verdict: { ...shown.verdict, findings } } };
}

/** The sentence quotes the first evidence. Without it, the finding says that it stands in a chosen file. */
function withoutChosen(finding: Finding): Finding {
  const [first] = finding.evidence;
  const evidence = finding.evidence.map((each) =>
    isChosen(each) ? { ...each, quote: '', marked: [], box: null, crop: null } : each,
  );
  return first !== undefined && isChosen(first)
    ? { ...finding, seen: { ja: '', en: '' }, evidence }
    : { ...finding, evidence };
}

function isChosen({ chosen }: Evidence): boolean {
  return chosen ?? false;
}
