/** Draws a component's new state at once, so that a test sees it without waiting, and waits however busy the machine is. */
import { options } from 'preact';
import { vi } from 'vitest';

options.debounceRendering = (draw) => draw();

// One second by default; Vitest has no setting for it.
const { waitFor } = vi;
vi.waitFor = (callback, limits) => waitFor(callback, limits ?? { timeout: 60_000 });
