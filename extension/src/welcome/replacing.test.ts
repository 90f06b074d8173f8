import { beforeEach, describe, expect, it, vi } from 'vitest';
import { Words } from '../i18n/words';
import type { OfferedLink, PairResult } from '../messages';
import { Root } from '../ui/virtual';
import { replacingPage } from './replacing';

const ask = (offered: OfferedLink | null, replace: () => Promise<PairResult>) =>
  new Root(document.body).draw(replacingPage({ words: new Words('ja'), offered, replace }));

describe('attack 05: the page that asks', () => {
  beforeEach(() => document.body.replaceChildren());

  it('names both ports, and keeps the link where the user does', () => {
    const replaced = vi.fn();
    ask({ from: '8789', to: '9000' }, replaced);
    expect(document.querySelector('.line')?.textContent).toContain('ポート8789');
    expect(document.querySelector('.line')?.textContent).toContain('ポート9000');
    document.querySelector<HTMLElement>('.replace')?.click();
    expect(replaced).not.toHaveBeenCalled();
    document.querySelector<HTMLElement>('.keep')?.click();
    expect(document.querySelector('[role="status"]')?.textContent).toContain('このままに');
    expect(document.querySelector('button')).toBeNull();
  });

  it('says that it is over', () => {
    ask(null, vi.fn());
    expect(document.querySelector('button')).toBeNull();
    expect(document.body.textContent).toContain('この確認は期限が切れています');
  });
});
