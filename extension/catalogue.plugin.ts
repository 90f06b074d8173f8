/**
 * Koban's texts as scripts hold them: `messages.json?raw` of a locale is a JSON text of each message by its name. What
 * a description tells translators stays in the file, and a language that nobody asks for is never parsed.
 */
import { readFile } from 'node:fs/promises';

const CATALOGUE = /_locales\/\w+\/messages\.json\?raw$/;

export const catalogue = {
  name: 'koban:catalogue',
  enforce: 'pre' as const,
  async load(id: string) {
    if (!CATALOGUE.test(id)) return null;
    const written = await readFile(id.replace(/\?raw$/, ''), 'utf8');
    const entries = Object.entries(JSON.parse(written) as Record<string, { message: string }>);
    const messages = JSON.stringify(Object.fromEntries(entries.map(([name, { message }]) => [name, message])));
    return `export default ${JSON.stringify(messages)};`;
  },
};
