import { h, render } from 'preact';
import { beforeEach, expect, it, vi } from 'vitest';
import { Words } from '../i18n/words';
import { kobanState } from '../testing/values';
import { OptionalSite } from './optional-site';

const WORDS = new Words('ja');
const site = { ...kobanState().sites[0]!, id: 'upwork', name: { ja: 'Upwork', en: 'Upwork' }, optional: true };
const change = vi.fn(async () => true);
const leave = {
  isGiven: vi.fn(async () => false),
  ask: vi.fn(async () => true),
  giveBack: vi.fn(async () => undefined),
};
const shown = (enabled: boolean) =>
  render(h(OptionalSite, { site: { ...site, enabled }, words: WORDS, leave, change }), document.body);
const press = () => document.querySelector<HTMLInputElement>('[role=switch]')!.click();

beforeEach(() => {
  render(null, document.body);
  vi.clearAllMocks();
  leave.ask.mockResolvedValue(true);
  leave.isGiven.mockResolvedValue(false);
});

it('switches a site on with the browser’s leave', async () => {
  shown(false);
  press();
  await vi.waitFor(() => expect(change).toHaveBeenCalledWith({ sites: { upwork: { enabled: true } } }));
  expect(leave.ask).toHaveBeenCalledWith('upwork');
  shown(true);
  await vi.waitFor(() => expect(document.body.textContent).toContain('読み込み直すと'));
});

it('leaves a site off where the browser gives no leave', async () => {
  leave.ask.mockResolvedValue(false);
  shown(false);
  press();
  await vi.waitFor(() => expect(change).toHaveBeenCalledWith({ sites: { upwork: { enabled: null } } }));
});

it('gives the leave back where a site is switched off', async () => {
  leave.isGiven.mockResolvedValue(true);
  shown(true);
  press();
  await vi.waitFor(() => expect(leave.giveBack).toHaveBeenCalledWith('upwork'));
  expect(change).toHaveBeenCalledWith({ sites: { upwork: { enabled: null } } });
});

it('says that a site is on and the leave is missing, and asks again', async () => {
  shown(true);
  await vi.waitFor(() => expect(document.querySelector('[role=status]')?.textContent).toContain('許可がない'));
  document.querySelector('button')!.click();
  await vi.waitFor(() => expect(leave.ask).toHaveBeenCalledWith('upwork'));
});
