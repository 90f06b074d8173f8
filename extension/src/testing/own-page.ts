/** One of the extension's own pages as its tests load it: a service that it calls, and the state that it is shown. */
import { expect, vi } from 'vitest';
import { browser } from 'wxt/browser';
import type { KobanState } from '../messages';
import type { KobanService } from '../rpc/service';
import { openDocument } from './document';
import { pageVerdict, reportSheet } from './values';

const answers = <Name extends keyof KobanService>(answer: KobanService[Name]) => vi.fn<KobanService[Name]>(answer);

/** The background, which takes every order, and has neither history nor lessons. */
export const service = {
  change: answers<'change'>(async () => true),
  autostart: answers<'autostart'>(async () => true),
  takeAway: answers<'takeAway'>(async () => ({ isTaken: true, lesson: null })),
  bringBack: answers<'bringBack'>(async () => true),
  takePicture: answers<'takePicture'>(async () => undefined),
  takeChosen: answers<'takeChosen'>(async () => true),
  withdrawChosen: answers<'withdrawChosen'>(async () => true),
  language: answers<'language'>(async () => 'ja'),
  chooseLanguage: answers<'chooseLanguage'>(async () => undefined),
  examine: answers<'examine'>(async () => undefined),
  retry: answers<'retry'>(async () => undefined),
  unpair: answers<'unpair'>(async () => undefined),
  showNumber: answers<'showNumber'>(async () => 'shown'),
  enterNumber: answers<'enterNumber'>(async () => 'paired'),
  offeredLink: answers<'offeredLink'>(async () => ({ from: '8789', to: '9000' })),
  demonstrate: answers<'demonstrate'>(async () => pageVerdict()),
  checkText: answers<'checkText'>(async () => pageVerdict().verdict),
  usedHosts: answers<'usedHosts'>(async () => ['crowdworks.jp']),
  isKobanWindow: answers<'isKobanWindow'>(async () => true),
  markKobanWindow: answers<'markKobanWindow'>(async () => undefined),
  note: answers<'note'>(async () => true),
  revisions: answers<'revisions'>(async () => true),
  forget: answers<'forget'>(async () => true),
  forgetAll: answers<'forgetAll'>(async () => true),
  changeHistory: answers<'changeHistory'>(async () => true),
  history: answers<'history'>(async () => 'closed'),
  find: answers<'find'>(async () => null),
  calendar: answers<'calendar'>(async () => null),
  sheet: answers<'sheet'>(async () => reportSheet()),
  teach: answers<'teach'>(async () => 'failed'),
  unteach: answers<'unteach'>(async () => true),
  lessons: answers<'lessons'>(async () => []),
  contribution: answers<'contribution'>(async () => null),
} satisfies Partial<KobanService>;

export const files = {
  bundle: vi.fn(async (): Promise<Blob | null> => null),
  exported: vi.fn(async (): Promise<Blob | null> => null),
};

export const subscribe = vi.fn<(tabId: number, show: (state: KobanState) => void) => void>();

/** Stands for `rpc/proxy`. */
export const proxy = {
  kobanService: () => service,
  filesOf: () => files,
  subscribe: (tabId: number, show: (state: KobanState) => void) => subscribe(tabId, show),
};

/** A document without a page, in a window whose tab in front is 7. What the page calls has been called by nobody. */
export async function beginPage(): Promise<void> {
  vi.resetModules();
  vi.clearAllMocks();
  await openDocument();
  vi.spyOn(browser.tabs, 'create').mockResolvedValue(undefined as never);
  vi.spyOn(browser.tabs, 'query').mockResolvedValue([{ id: 7 }] as never);
  vi.spyOn(browser.runtime, 'getManifest').mockReturnValue({ version: '0.1.0' } as never);
  Object.assign(browser.runtime, { openOptionsPage: vi.fn(), reload: vi.fn() });
  Object.assign(browser.permissions, { contains: async () => false });
  Object.assign(browser, { action: { getUserSettings: async () => ({ isOnToolbar: true }) } });
}

/** Show the page a state, once it follows. */
export async function show(state: KobanState): Promise<void> {
  await vi.waitFor(() => expect(subscribe).toHaveBeenCalled());
  subscribe.mock.lastCall?.[1](state);
}

export const one = <E extends Element = HTMLElement>(selector: string) => document.querySelector<E>(selector);
export const text = (selector: string) => one(selector)?.textContent ?? '';
export const press = (selector: string) => one(selector)?.click();

/** Wait until the page says something. */
export const says = (selector: string, line: string) => vi.waitFor(() => expect(text(selector)).toContain(line));

/** The switch with a label. */
export function switchNamed(label: string): HTMLInputElement {
  const labelElement = [...document.querySelectorAll<HTMLLabelElement>('label.switch')].find(
    ({ textContent }) => textContent === label,
  );
  const input = labelElement?.querySelector('input');
  if (input == null) throw new Error(`no switch ${label}`);
  return input;
}

/** The button that says so. */
export function buttonNamed(label: string): HTMLButtonElement {
  const button = [...document.querySelectorAll('button')].find(({ textContent }) => textContent === label);
  if (button === undefined) throw new Error(`no button ${label}`);
  return button;
}

/** Choose a file in a box, as its user would. */
export function choose(box: HTMLInputElement | null, file: File): void {
  if (box === null) throw new Error('no box for a file');
  Object.defineProperty(box, 'files', { value: [file], configurable: true });
  box.dispatchEvent(new Event('change'));
}

/** Unfold what is folded. */
export function unfold(selector: string): void {
  const details = one<HTMLDetailsElement>(selector);
  if (details === null) throw new Error(`nothing to unfold: ${selector}`);
  details.open = true;
  details.dispatchEvent(new Event('toggle'));
}

/** The files that the page hands to its user, by name. */
export function savedFiles(): Map<string, Promise<string>> {
  const filesByName = new Map<string, Promise<string>>();
  let last = new Blob();
  const createObjectURL = (blob: Blob) => {
    last = blob;
    return 'blob:1';
  };
  Object.assign(URL, { createObjectURL, revokeObjectURL: () => undefined });
  vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function (this: HTMLAnchorElement) {
    filesByName.set(this.download, last.text());
  });
  return filesByName;
}
