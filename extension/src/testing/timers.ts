/** The timers that tests leave running. */

/** Take note of each timer that is set. `clear` ends those that still run, `restore` takes no more notes. */
export function followTimers(): { clear(): void; restore(): void } {
  const { setTimeout } = globalThis;
  const timers = new Set<ReturnType<typeof setTimeout>>();
  globalThis.setTimeout = ((...args: Parameters<typeof setTimeout>) => {
    const timer = setTimeout(...args);
    timers.add(timer);
    return timer;
  }) as typeof setTimeout;
  return {
    clear: () => {
      for (const timer of timers) clearTimeout(timer);
      timers.clear();
    },
    restore: () => {
      globalThis.setTimeout = setTimeout;
    },
  };
}
