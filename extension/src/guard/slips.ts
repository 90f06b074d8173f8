/**
 * What a freelancer may regret to have written: data that the other side has no need of, and promises that cost the
 * site's protection. Pure: a text in, kinds out; nothing of the text is kept.
 */
import PATTERNS from './slips.json';

export type Slip = 'my-number' | 'bank' | 'address' | 'phone' | 'mail' | 'line' | 'early' | 'direct';

/** What one can lose most by comes first. */
export const SLIPS: readonly Slip[] = ['my-number', 'bank', 'early', 'direct', 'address', 'phone', 'mail', 'line'];

/** A longer text is looked at from its end, where one writes. */
const MOST_CHARACTERS = 20_000;
const LONGEST_SENTENCE = 400;

interface Pattern {
  says: RegExp[];
  unless: RegExp[];
}

const compiled = (name: keyof typeof PATTERNS): Pattern => ({
  says: PATTERNS[name].says.map((source) => new RegExp(source, 'giu')),
  unless: PATTERNS[name].unless.map((source) => new RegExp(source, 'iu')),
});
const SENTENCE: readonly [Slip, Pattern][] = (['mail', 'line', 'address', 'early', 'direct'] as const).map((slip) => [
  slip,
  compiled(slip),
]);
const UNFUNDED = compiled('earlyWhileUnfunded');
/** Written over several lines. */
const BANK = compiled('bank');
const PHONE = compiled('phone');
const TWELVE_DIGITS = /(?<![\d.,-])\d{4}[- ]?\d{4}[- ]?\d{4}(?![\d.,-])/g;

/** The kinds of slip in a text, gravest first. `unfunded`: the page shows a contract that escrow is not paid for. */
export function slipsIn(written: string, unfunded: boolean): Slip[] {
  const text = written.slice(-MOST_CHARACTERS).normalize('NFKC');
  const found = new Set<Slip>();
  if ([...text.matchAll(TWELVE_DIGITS)].some(([digits]) => isMyNumber(digits.replace(/\D/g, '')))) found.add('my-number');
  if (says(text, BANK)) found.add('bank');
  if (PHONE.says.some((pattern) => [...text.matchAll(pattern)].some(([number]) => isPhone(number)))) found.add('phone');
  for (const sentence of sentences(text)) {
    for (const [slip, pattern] of SENTENCE) if (!found.has(slip) && says(sentence, pattern)) found.add(slip);
    if (unfunded && says(sentence, UNFUNDED)) found.add('early');
  }
  return SLIPS.filter((slip) => found.has(slip));
}

/**
 * Whether twelve digits are an Individual Number (マイナンバー): the last is the check digit of the eleven before it.
 * Ministry of Internal Affairs ordinance no. 85 of 2014, article 5: https://laws.e-gov.go.jp/law/426M60000008085
 */
export function isMyNumber(digits: string): boolean {
  if (!/^\d{12}$/.test(digits)) return false;
  const [check = 0, ...rest] = [...digits].reverse().map(Number);
  const sum = rest.reduce((total, digit, index) => total + digit * (index < 6 ? index + 2 : index - 4), 0);
  const remainder = sum % 11;
  return check === (remainder <= 1 ? 0 : 11 - remainder);
}

/** Japanese numbers have ten digits, mobile ones eleven; abroad the leading zero is left out. */
function isPhone(number: string): boolean {
  const digits = number.replace(/\D/g, '').replace(/^810?/, '0');
  return digits.length === 10 || (digits.length === 11 && /^0[5789]0/.test(digits));
}

function says(text: string, { says, unless }: Pattern): boolean {
  return says.some((pattern) => text.search(pattern) >= 0) && !unless.some((pattern) => pattern.test(text));
}

function* sentences(text: string): Generator<string> {
  for (const sentence of text.split(/[。\n!?]|\. /)) {
    for (let from = 0; from < sentence.length; from += LONGEST_SENTENCE) yield sentence.slice(from, from + LONGEST_SENTENCE);
  }
}
