import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { LANGUAGES } from '../lexicon.generated';

const SOURCES = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.(ts|html|css)$/.test(name) && !/(\.test|schema\.d|^testing\b[^/]*)\.?/.test(name))
  .map((name) => ({ name, text: readFileSync(join('src', name), 'utf8') }));
const CONFIG = readFileSync('wxt.config.ts', 'utf8');

type Catalogue = Record<string, { message: string; description?: string }>;

/** By folder, so that a language that is only begun is looked at too. */
const FILES = new Map(
  readdirSync('public/_locales').map((folder) => [
    folder.replace('_', '-'),
    readFileSync(`public/_locales/${folder}/messages.json`, 'utf8'),
  ]),
);
const CATALOGUES = new Map([...FILES].map(([language, text]) => [language, JSON.parse(text) as Catalogue]));
const JA = CATALOGUES.get('ja') ?? {};

/** What is never said: shouts, accusations, promises, the words of the trade. */
const NEVER_SAID: Record<string, RegExp> = {
  ja: /詐欺|安全です|プロキシ|証明書/,
  en: /\bscam|\bfraudster/i,
  es: /\bestafa|\bfraude|certificado|\bproxy/i,
  'pt-BR': /\bgolpe|\bfraude|certificado|\bproxy/i,
  fr: /\barnaque|\bfraude|\bescro(?:c|querie)|certificat|\bproxy/i,
};

const places = (text: string | undefined) => [...(text ?? '').matchAll(/\$\d/g)].map(String).sort();

describe('the catalogue', () => {
  it('is there for every language that Koban speaks, and for no other', () => {
    expect([...FILES.keys()].sort()).toEqual([...LANGUAGES].sort());
    expect(Object.keys(NEVER_SAID)).toEqual([...LANGUAGES]);
  });

  it.each([...CATALOGUES])('has the same texts, with the same places, in the same order: %s', (_, texts) => {
    expect(Object.keys(texts)).toEqual(Object.keys(JA));
    for (const [key, { message }] of Object.entries(texts)) {
      expect(message.trim(), key).not.toBe('');
      expect(places(message), key).toEqual(places(JA[key]?.message));
    }
  });

  // Who speaks to the browser says what is seen; a name without it is not found (WCAG 2.5.3).
  it.each([
    ['objectionRuleOf', 'objectionRuleShort'],
    ['undoOf', 'undoButton'],
    ['filesWithdrawOf', 'filesWithdraw'],
  ])('names a button by what is read on it, and by what it is of: %s', (name, label) => {
    for (const texts of CATALOGUES.values()) expect(texts[name]?.message).toContain(texts[label]?.message);
  });

  it.each([...FILES])('gives each text one name: %s', (_, written) => {
    const names = [...written.matchAll(/^ {2}"(\w+)":/gm)].map(([, name]) => name);
    expect(names.filter((name, place) => names.indexOf(name) !== place)).toEqual([]);
  });

  it.each(Object.keys(JA))('%s is used', (key) => {
    const used = SOURCES.some(({ text }) => text.includes(`'${key}'`)) || CONFIG.includes(`__MSG_${key}__`);
    expect(used).toBe(true);
  });

  it.each([...CATALOGUES])('speaks as Koban does: %s', (language, texts) => {
    for (const [key, { message }] of Object.entries(texts)) {
      expect(message, key).not.toMatch(/[!！¡]|\bAI\b|\p{Extended_Pictographic}/u);
      expect(message, key).not.toMatch(NEVER_SAID[language] ?? /^$/);
    }
  });

  it.each([...CATALOGUES])('says everything in its own language: %s', (language, texts) => {
    if (language === 'ja') return;
    for (const [key, { message }] of Object.entries(texts))
      expect(message, key).not.toMatch(/[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}「」。、]/u);
  });

  it.each([...CATALOGUES])('names twelve months: %s', (_, texts) => {
    expect(texts['monthNames']?.message.split(',')).toHaveLength(12);
  });

  it('is where every text is: no source holds Japanese of its own, nor a literal text in its markup', () => {
    for (const { name, text } of SOURCES) {
      const code = text.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '');
      expect(code.match(/[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}]+/u)?.[0], name).toBeUndefined();
      if (name.endsWith('.html')) expect(code.replace(/<title>Koban<\/title>|<[^>]*>/g, '').trim(), name).toBe('');
    }
  });

  it('tells a translator of each text where it stands, and what each of its places holds', () => {
    for (const [key, { message, description }] of Object.entries(JA)) {
      expect(description?.length ?? 0, key).toBeGreaterThan(10);
      for (const [place] of message.matchAll(/\$\d/g)) expect(description, key).toContain(place);
      for (const name of description?.match(/\b[a-z]+[A-Z]\w+\b/g) ?? [])
        expect(Object.keys(JA), `${key} names ${name}`).toContain(name);
    }
  });

  it('fits the stores', () => {
    for (const [language, texts] of CATALOGUES)
      expect(texts['extensionDescription']?.message.length, language).toBeLessThanOrEqual(132);
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
