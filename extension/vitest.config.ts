import { defineConfig } from 'vitest/config';
import { WxtVitest } from 'wxt/testing/vitest-plugin';
import { catalogue } from './catalogue.plugin.ts';

export default defineConfig({
  plugins: [WxtVitest(), catalogue],
  test: {
    environment: 'happy-dom',
    include: ['src/**/*.test.ts'],
    restoreMocks: true,
    // Five seconds by default, which a busy machine may need.
    testTimeout: 60_000,
    setupFiles: ['src/testing/setup.ts'],
    // `npm test -- --coverage` fails below the floor.
    coverage: {
      include: ['src/**/*.ts'],
      exclude: ['src/testing/**', 'src/api/schema.d.ts'],
      reporter: ['text-summary', 'html'],
      thresholds: { statements: 90, branches: 80 },
    },
  },
});
