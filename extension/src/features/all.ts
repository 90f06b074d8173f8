/** All features: every file of this folder is one, by what it exports as `feature`. */
import type { Feature } from './feature';

const FILES = import.meta.glob<Feature>(['./*.ts', '!./all.ts', '!./feature.ts', '!./*.test.ts'], {
  eager: true,
  import: 'feature',
});

/** In the order in which each model of a page is shown to them: by name, but for one that comes first. */
export const FEATURES: readonly Feature[] = Object.values(FILES).sort(
  (one, other) => Number(other.comesFirst ?? false) - Number(one.comesFirst ?? false),
);
