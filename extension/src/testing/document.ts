/** The document of the tests that run now, with its window's globals. */
import { builtinEnvironments } from 'vitest/runtime';

let close: (() => unknown) | undefined;

/**
 * Give what follows a document of its own. Each file of tests begins with one; a test needs one where the page of
 * another would still follow its document: a page is told of no end, and never stops listening.
 */
export async function openDocument(): Promise<void> {
  await closeDocument();
  const { teardown } = await builtinEnvironments['happy-dom'].setup(globalThis, {});
  close = () => teardown(globalThis);
}

export async function closeDocument(): Promise<void> {
  await close?.();
  close = undefined;
}
