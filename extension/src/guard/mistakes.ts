/**
 * Finds what a freelancer may regret to have written: data that the other side has no need of, and promises that cost
 * the site's protection. Pure: a text in, kinds out; nothing of the text is kept.
 */
import { stageInfo } from '../states';
import PATTERNS from './mistakes.json';
import SITES from './never-outside.generated.json';

/** In order of the possible loss, the gravest first. */
export const SLIPS = [
  'my-number',
  'card',
  'password',
  'bank',
  'identity',
  'early',
  'direct',
  'pay',
  'address',
  'phone',
  'mail',
  'line',
  'outside',
] as const;

export type Mistake = (typeof SLIPS)[number];

/** Mistakes that hold sending at any stage of the deal. */
const HELD: ReadonlySet<Mistake> = new Set<Mistake>([
  'my-number',
  'card',
  'password',
  'bank',
  'identity',
  'direct',
  'pay',
]);
const CONTACT: ReadonlySet<Mistake> = new Set<Mistake>(['phone', 'mail', 'line', 'outside']);
/** Sites whose terms forbid contact outside also once escrow is paid. */
const NEVER_OUTSIDE: ReadonlySet<string> = new Set(SITES);

/** Whether a page shows a deal that escrow is not paid for: one proposed, or agreed on. */
export function isUnfunded(stage: string | null | undefined): boolean {
  return stageInfo(stage).funded === false;
}

/**
 * The mistakes that sending is held for: what is lost by being sent, and what the site forbids at that stage of the
 * deal.
 */
export function heldMistakes(
  mistakes: readonly Mistake[],
  stage: string | null | undefined,
  site: string | null | undefined,
): Mistake[] {
  // Once escrow is paid nothing is begun too early, and most sites let the two talk elsewhere.
  const after = stageInfo(stage).funded === true;
  return mistakes.filter(
    (mistake) =>
      HELD.has(mistake) ||
      (mistake === 'early' && !after) ||
      (CONTACT.has(mistake) && (!after || NEVER_OUTSIDE.has(site ?? ''))),
  );
}

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
const SENTENCE: readonly [Mistake, Pattern][] = (
  ['mail', 'line', 'outside', 'address', 'early', 'direct', 'pay', 'password', 'identity'] as const
).map((mistake) => [mistake, compiled(mistake)]);
const UNFUNDED = compiled('earlyWhileUnfunded');
/** Written over several lines. */
const BANK = compiled('bank');
const PHONE = compiled('phone');
const LINE_IN_TEXT = compiled('lineInText');
/** Four groups of four, or as cards of fifteen digits are written. */
const CARD_SHAPED = /(?<![\d.,-])(?:\d{4}[- ]?\d{4}[- ]?\d{4}[- ]?\d{4}|3\d{3}[- ]?\d{6}[- ]?\d{5})(?![\d.,-]?\d)/g;
const TWELVE_DIGITS = /(?<![\d.,-])\d{4}[- ]?\d{4}[- ]?\d{4}(?![\d.,-])/g;

/** The kinds of mistake in a text, gravest first. `unfunded`: see `isUnfunded`. */
export function mistakesIn(written: string, unfunded: boolean): Mistake[] {
  const text = written.slice(-MOST_CHARACTERS).normalize('NFKC');
  const mistakes = new Set<Mistake>();
  if ([...text.matchAll(CARD_SHAPED)].some(([digits]) => isCardNumber(digits.replace(/\D/g, '')))) mistakes.add('card');
  // Twelve digits of a card's sixteen are no Individual Number.
  if (
    [...text.replaceAll(CARD_SHAPED, '').matchAll(TWELVE_DIGITS)].some(([digits]) =>
      isMyNumber(digits.replace(/\D/g, '')),
    )
  )
    mistakes.add('my-number');
  if (says(text, BANK)) mistakes.add('bank');
  if (PHONE.says.some((pattern) => [...text.matchAll(pattern)].some(([number]) => isPhone(number))))
    mistakes.add('phone');
  if (says(text, LINE_IN_TEXT)) mistakes.add('line');
  for (const sentence of sentences(text)) {
    for (const [mistake, pattern] of SENTENCE)
      if (!mistakes.has(mistake) && says(sentence, pattern)) mistakes.add(mistake);
    if (unfunded && says(sentence, UNFUNDED)) mistakes.add('early');
  }
  // The app is said by its name already.
  if (mistakes.has('line')) mistakes.delete('outside');
  return SLIPS.filter((mistake) => mistakes.has(mistake));
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

/**
 * Whether the last digit is the check digit of those before it (Luhn; ISO/IEC 7812-1, annex B), and the first one
 * that cards have.
 */
export function isCardNumber(digits: string): boolean {
  if (!/^[2-6]\d{14,15}$/.test(digits)) return false;
  const sum = [...digits].reverse().reduce((total, digit, place) => {
    const value = Number(digit) * (place % 2 === 0 ? 1 : 2);
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return sum % 10 === 0;
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
    for (let from = 0; from < sentence.length; from += LONGEST_SENTENCE)
      yield sentence.slice(from, from + LONGEST_SENTENCE);
  }
}
