import { beforeEach, expect, it, vi } from 'vitest';
import { Words } from '../i18n/words';
import { REPLIES } from '../templates/templates';
import { preparePage } from '../testing/page';
import { finding, pageModel, pageSettings, pageVerdict, replyInfo } from '../testing/values';
import { bannerOf } from './banner';
import { replyButtons } from './reply-button';

const invitation = finding({ rule: 'messenger-invitation', risk: 'off-platform-contact' });
const model = pageModel({ shown: pageVerdict({ findings: [invitation] }) });

beforeEach(preparePage);

it('stands below the advice that it carries out, in the banner, and says what became of it', async () => {
  const draft = vi.fn(async () => 'copied' as const);
  const banner = bannerOf(model, { draft }, true);
  const line = banner.querySelector('.advice + .reply');
  const button = line?.querySelector('button');
  expect(button?.textContent).toBe('返信の下書きを入れる');
  expect(button?.title).toBe('サイト内で続けたいと伝える');
  button?.click();
  await vi.waitFor(() => expect(line?.querySelector('[role=status]')?.textContent).toContain('コピーしました'));
  expect(draft).toHaveBeenCalledExactlyOnceWith(REPLIES.find(({ id }) => id === 'stay-on-site')?.text);
});

it('leaves the cursor in the box that one writes in', () => {
  const line = replyButtons(model, new Words('ja'), vi.fn())(invitation);
  const press = new MouseEvent('mousedown', { bubbles: true, cancelable: true });
  line?.querySelector('button')?.dispatchEvent(press);
  expect(press.defaultPrevented).toBe(true);
});

it('is not there without a reply to write, or before the user’s own wording is known', () => {
  const words = new Words('en');
  expect(replyButtons(model, words, vi.fn())(finding({ rule: 'identity-papers' }))).toBeNull();
  expect(replyButtons({ ...model, settings: null }, words, vi.fn())(invitation)).toBeNull();
  expect(replyButtons(model, words, null)(invitation)).toBeNull();
  expect(bannerOf(model, {}, true).querySelector('.reply')).toBeNull();
});

it('drafts the reply of a pack where that carries out the advice', () => {
  const draft = vi.fn(async () => 'inserted' as const);
  const banner = bannerOf({ ...model, settings: pageSettings({ replies: [replyInfo()] }) }, { draft }, true);
  banner.querySelector<HTMLButtonElement>('.advice + .reply button')?.click();
  expect(draft).toHaveBeenCalledExactlyOnceWith(replyInfo().text);
});
