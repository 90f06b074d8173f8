import { beforeEach, expect, it, vi } from 'vitest';
import { Words } from '../i18n/words';
import { finding, kobanState, pageModel, pageVerdict, replyInfo, settings } from '../testing/values';
import { Root } from '../ui/virtual';
import { replyEntry } from './reply';

const invitation = finding({ rule: 'messenger-invitation', risk: 'off-platform-contact' });
const page = pageModel({ shown: pageVerdict({ findings: [invitation] }) });

beforeEach(() => document.body.replaceChildren());

it('asks the page for its message box, and says what became of the draft', async () => {
  const draft = vi.fn(async () => 'inserted' as const);
  const edited = settings({ templates: { 'stay-on-site': { ja: 'こちらでお願いします', en: '' } } });
  new Root(document.body).draw(replyEntry(invitation, page, kobanState({ settings: edited }), new Words('ja'), draft));
  document.querySelector('button')?.click();
  await vi.waitFor(() => expect(document.querySelector('[role=status]')?.textContent).toContain('送信はしていません'));
  expect(draft).toHaveBeenCalledExactlyOnceWith({ ja: 'こちらでお願いします', en: '' });
});

it('drafts the reply of a pack where that carries out the advice', () => {
  const draft = vi.fn(async () => 'inserted' as const);
  const state = kobanState({ replies: [replyInfo()] });
  new Root(document.body).draw(replyEntry(invitation, page, state, new Words('ja'), draft));
  document.querySelector('button')?.click();
  expect(draft).toHaveBeenCalledExactlyOnceWith(replyInfo().text);
});

it('is not there where nobody can be replied to, or nothing is known', () => {
  const words = new Words('ja');
  const job = pageModel({ shown: pageVerdict({ kind: 'job', findings: [invitation] }) });
  expect(replyEntry(invitation, job, kobanState(), words, vi.fn())).toBeNull();
  expect(replyEntry(invitation, page, kobanState({ settings: null }), words, vi.fn())).toBeNull();
  expect(replyEntry(invitation, null, kobanState(), words, vi.fn())).toBeNull();
});
