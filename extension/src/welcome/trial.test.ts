import { render } from 'preact';
import { beforeEach, describe, expect, it } from 'vitest';
import { Words } from '../i18n/words';
import { finding, pageVerdict } from '../testing/values';
import { group } from '../ui/virtual';
import { trialResult } from './trial';

describe('trialResult', () => {
  const show = (...result: Parameters<typeof trialResult>) =>
    render(group('all', ...trialResult(...result)), document.body);

  beforeEach(() => render(null, document.body));

  it('shows nothing before, the state with its findings after, and that it failed', () => {
    const words = new Words('ja');
    show(null, 'ok', words);
    expect(document.body.textContent).toBe('');
    show(pageVerdict({ findings: [finding()] }), 'ok', words);
    expect(document.querySelector('.line')?.textContent).toBe('危険：直接契約の誘いです');
    expect(document.querySelector<HTMLDetailsElement>('details')?.open).toBe(true);
    show('failed', 'not-running', words);
    expect(document.body.textContent).toContain('調べられませんでした');
  });
});
