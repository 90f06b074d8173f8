/**
 * Runs before each file of tests. The files of a worker share its process: each gets modules and a document of its own
 * here, and what a test changed is put back when it ends.
 */
import { options } from 'preact';
import { afterAll, afterEach, vi } from 'vitest';
import { rememberBrowser } from './browser';
import { followTimers } from './timers';

// What an earlier file has loaded holds its state and its mocks.
vi.resetModules();
// Loaded after that, so that a test has the same one.
const { closeDocument, openDocument } = await import('./document');
await openDocument();

// Draws a component's new state at once, so that a test sees it without waiting.
options.debounceRendering = (draw) => draw();
// Preact, which the files share, would keep a file's last effects until after its document has ended.
options.requestAnimationFrame = (run) => queueMicrotask(run);

// One second by default, which a busy machine may need; Vitest has no setting for it.
const { waitFor } = vi;
vi.waitFor = (callback, limits) => waitFor(callback, limits ?? { timeout: 60_000 });

const timers = followTimers();
const restoreBrowser = rememberBrowser();

// Before the document ends, to whose objects much of it belongs.
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
  timers.clear();
  restoreBrowser();
});

afterAll(async () => {
  vi.waitFor = waitFor;
  await closeDocument();
  // What the last test has changed in its page may have set timers since that test ended.
  timers.clear();
  timers.restore();
});
