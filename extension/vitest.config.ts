import { defineConfig } from 'vitest/config';
import { WxtVitest } from 'wxt/testing/vitest-plugin';
import { catalogue } from './catalogue.plugin.ts';

export default defineConfig({
  plugins: [WxtVitest(), catalogue],
  test: {
    // A process with happy-dom for each file took most of the time. The files of a worker share one: the setup file
    // gives each a document and modules of its own in it, and puts back what its tests change.
    isolate: false,
    environment: 'node',
    include: ['src/**/*.test.ts'],
    // Five seconds by default, which a busy machine may need.
    testTimeout: 60_000,
    setupFiles: ['src/testing/setup.ts'],
    // `npm test -- --coverage` fails below the floor.
    coverage: {
      include: ['src/**/*.ts'],
      exclude: ['src/testing/**', 'src/api/schema.d.ts'],
      reporter: ['text-summary', 'html'],
      thresholds: {
        statements: 90,
        branches: 80,
        // Each page by itself: what it hands to its parts is tested nowhere else without a browser.
        'src/entrypoints/*/main.ts': { perFile: true, lines: 95, statements: 85, branches: 75 },
      },
    },
  },
});
