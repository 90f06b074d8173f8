import { beforeEach, expect, it, vi } from 'vitest';
import { browser } from 'wxt/browser';
import marketplaces from '../../marketplaces.json';
import { followLeave } from './optional-scripts';

const every = [`https://${marketplaces[0]}/*`];
let given: string[] = [];
let registered: { id: string; matches: string[]; js: string[] }[] = [];
const listeners: ((change: { origins?: string[] }) => void)[] = [];
const switchOn = vi.fn();

const ORIGIN = 'moz-extension://b1d1ff48';
const inManifest = (address: (path: string) => string) =>
  vi.spyOn(browser.runtime, 'getManifest').mockReturnValue({
    content_scripts: [
      {
        matches: every,
        js: [address('content-scripts/marketplace.js')],
        css: [address('content-scripts/marketplace.css')],
        all_frames: true,
        run_at: 'document_start',
      },
      { matches: ['http://127.0.0.1/*'], js: [address('content-scripts/pair.js')] },
    ],
  } as never);

beforeEach(() => {
  given = [];
  registered = [];
  listeners.length = 0;
  inManifest((path) => path);
  vi.spyOn(browser.runtime, 'getURL').mockImplementation((path) => ORIGIN + path);
  switchOn.mockClear();
  const add = { addListener: (each: (typeof listeners)[number]) => void listeners.push(each) };
  Object.assign(browser, {
    permissions: {
      contains: async ({ origins }: { origins: string[] }) => origins.every((each) => given.includes(each)),
      onAdded: add,
      onRemoved: add,
    },
    scripting: {
      getRegisteredContentScripts: async ({ ids }: { ids: string[] }) =>
        registered.filter(({ id }) => ids.includes(id)),
      unregisterContentScripts: async () => {
        registered = [];
      },
      registerContentScripts: async (scripts: typeof registered) => {
        registered = scripts;
      },
    },
  });
});

it.each([
  ['paths, as in Chromium', (path: string) => path],
  ['addresses, as in Firefox', (path: string) => `${ORIGIN}/${path}`],
])('runs the scripts of every marketplace on those that leave was given for: %s', async (_, address) => {
  inManifest(address);
  followLeave(switchOn);
  given = ['https://www.upwork.com/*'];
  for (const changed of listeners) changed({ origins: given });
  await vi.waitFor(() => expect(registered).toHaveLength(1));
  expect(registered[0]).toMatchObject({
    matches: ['https://www.upwork.com/*'],
    js: ['content-scripts/marketplace.js'],
    css: ['content-scripts/marketplace.css'],
    allFrames: true,
    runAt: 'document_start',
  });
});

it('takes them away with the leave', async () => {
  given = ['https://www.upwork.com/*'];
  followLeave(switchOn);
  await vi.waitFor(() => expect(registered).toHaveLength(1));
  given = [];
  for (const changed of listeners) changed({ origins: given });
  await vi.waitFor(() => expect(registered).toEqual([]));
});

it('has a site switched on that leave was given for, whatever became of the page that asked', () => {
  followLeave(switchOn);
  const [added] = listeners;
  added?.({ origins: ['https://www.upwork.com/*'] });
  expect(switchOn.mock.calls).toEqual([['upwork']]);
  added?.({});
  expect(switchOn).toHaveBeenCalledOnce();
});
