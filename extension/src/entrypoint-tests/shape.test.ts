import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const FOLDER = 'src/entrypoints';
const OPEN_IN_TAB = '    <meta name="manifest.open_in_tab" content="true" />\n';
const pages = readdirSync(FOLDER, { withFileTypes: true }).filter((entry) => entry.isDirectory());

it.each(pages.map(({ name }) => name))('the page %s has the shape of all pages', (name) => {
  const read = (page: string) => readFileSync(`${FOLDER}/${page}/index.html`, 'utf8').replace(OPEN_IN_TAB, '');
  expect(read(name)).toBe(read('popup'));
  // Styles are imported, so that a build fails where one is gone.
  expect(readFileSync(`${FOLDER}/${name}/main.ts`, 'utf8')).toContain("import '../../ui/page.css';");
});
