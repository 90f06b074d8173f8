import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import en from '../../public/_locales/en/messages.json';
import ja from '../../public/_locales/ja/messages.json';

const SOURCES = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.(ts|html|css)$/.test(name) && !/(\.test|schema\.d|^testing\b[^/]*)\.?/.test(name))
  .map((name) => ({ name, text: readFileSync(join('src', name), 'utf8') }));
const CONFIG = readFileSync('wxt.config.ts', 'utf8');

describe('the catalogue', () => {
  it('has the same texts in both languages', () => {
    expect(Object.keys(en)).toEqual(Object.keys(ja));
  });

  it.each(['ja', 'en'])('gives each text one name: %s', (language) => {
    const written = readFileSync(`public/_locales/${language}/messages.json`, 'utf8');
    const names = [...written.matchAll(/^ {2}"(\w+)":/gm)].map(([, name]) => name);
    expect(names.filter((name, place) => names.indexOf(name) !== place)).toEqual([]);
  });

  it.each(Object.keys(ja) as (keyof typeof ja)[])('%s is used, and holds the same places in both languages', (key) => {
    const used = SOURCES.some(({ text }) => text.includes(`'${key}'`)) || CONFIG.includes(`__MSG_${key}__`);
    expect(used).toBe(true);
    const places = (text: string) => [...text.matchAll(/\$\d/g)].map(String).sort();
    expect(places(ja[key].message)).toEqual(places(en[key].message));
  });

  it.each([
    ['ja', ja],
    ['en', en],
  ])('speaks as Koban does: %s', (_, texts) => {
    for (const { message } of Object.values(texts)) {
      expect(message).not.toMatch(/[!！]|詐欺|\bscam|\bAI\b|安全です|プロキシ|証明書|\p{Extended_Pictographic}/iu);
    }
  });

  it('says everything in its own language', () => {
    for (const [key, { message }] of Object.entries(en))
      expect(message, key).not.toMatch(/[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}]/u);
  });

  it('is where every text is: no source holds Japanese of its own, nor a literal text in its markup', () => {
    for (const { name, text } of SOURCES) {
      const code = text.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '');
      expect(code.match(/[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}]+/u)?.[0], name).toBeUndefined();
      if (name.endsWith('.html')) expect(code.replace(/<title>Koban<\/title>|<[^>]*>/g, '').trim(), name).toBe('');
    }
  });

  it('tells a translator of each text where it stands, and what each of its places holds', () => {
    const whole = JSON.parse(readFileSync('public/_locales/ja/messages.json', 'utf8')) as Record<
      string,
      { message: string; description?: string }
    >;
    for (const [key, { message, description }] of Object.entries(whole)) {
      expect(description?.length ?? 0, key).toBeGreaterThan(10);
      for (const [place] of message.matchAll(/\$\d/g)) expect(description, key).toContain(place);
      for (const name of description?.match(/\b[a-z]+[A-Z]\w+\b/g) ?? [])
        expect(Object.keys(ja), `${key} names ${name}`).toContain(name);
    }
  });

  it('fits the stores', () => {
    for (const texts of [ja, en]) expect(texts.extensionDescription.message.length).toBeLessThanOrEqual(132);
  });
});

describe('the sources', () => {
  it('parse no HTML', () => {
    for (const { name, text } of SOURCES) {
      expect(text, name).not.toMatch(
        /innerHTML|outerHTML\s*=|insertAdjacentHTML|document\.write|DOMParser|createContextualFragment/,
      );
    }
  });
});
