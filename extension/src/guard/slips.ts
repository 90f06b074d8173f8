/**
 * What a freelancer may regret to have written: data that the other side has no need of, and promises that cost the
 * site's protection. Pure: a text in, kinds out; nothing of the text is kept.
 */
import PATTERNS from './slips.json';

export type Slip =
  | 'my-number'
  | 'card'
  | 'password'
  | 'bank'
  | 'identity'
  | 'early'
  | 'direct'
  | 'pay'
  | 'address'
  | 'phone'
  | 'mail'
  | 'line'
  | 'outside';

/** What one can lose most by comes first. */
export const SLIPS: readonly Slip[] = [
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
];

/** What of all this sending is held for, whatever the stage of the deal. */
const HELD: ReadonlySet<Slip> = new Set<Slip>(['my-number', 'card', 'password', 'bank', 'identity', 'direct', 'pay']);
const CONTACT: ReadonlySet<Slip> = new Set<Slip>(['phone', 'mail', 'line', 'outside']);
/** Escrow is paid: nothing is begun too early, and most sites let the two talk elsewhere. */
const AFTER_ESCROW = new Set(['funded', 'delivered', 'done']);
/** Coconala forbids contact outside also after a purchase: https://coconala.com/pages/terms */
const NEVER_OUTSIDE = new Set(['coconala']);

/** Whether a page shows a contract that escrow is not paid for. */
export function isUnfunded(stage: string | null | undefined): boolean {
  return stage === 'agreed-unfunded' || stage === 'applying';
}

/** The slips that sending is held for: what is lost by being sent, and what the site forbids at that stage of the deal. */
export function heldSlips(
  slips: readonly Slip[],
  stage: string | null | undefined,
  site: string | null | undefined,
): Slip[] {
  const after = AFTER_ESCROW.has(stage ?? '');
  return slips.filter(
    (slip) =>
      HELD.has(slip) ||
      (slip === 'early' && !after) ||
      (CONTACT.has(slip) && (!after || NEVER_OUTSIDE.has(site ?? ''))),
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
const SENTENCE: readonly [Slip, Pattern][] = (
  ['mail', 'line', 'outside', 'address', 'early', 'direct', 'pay', 'password', 'identity'] as const
).map((slip) => [slip, compiled(slip)]);
const UNFUNDED = compiled('earlyWhileUnfunded');
/** Written over several lines. */
const BANK = compiled('bank');
const PHONE = compiled('phone');
const LINE_IN_TEXT = compiled('lineInText');
/** Four groups of four, or as cards of fifteen digits are written. */
const CARD_SHAPED = /(?<![\d.,-])(?:\d{4}[- ]?\d{4}[- ]?\d{4}[- ]?\d{4}|3\d{3}[- ]?\d{6}[- ]?\d{5})(?![\d.,-]?\d)/g;
const TWELVE_DIGITS = /(?<![\d.,-])\d{4}[- ]?\d{4}[- ]?\d{4}(?![\d.,-])/g;

/** The kinds of slip in a text, gravest first. `unfunded`: the page shows a contract that escrow is not paid for. */
export function slipsIn(written: string, unfunded: boolean): Slip[] {
  const text = written.slice(-MOST_CHARACTERS).normalize('NFKC');
  const found = new Set<Slip>();
  if ([...text.matchAll(CARD_SHAPED)].some(([digits]) => isCardNumber(digits.replace(/\D/g, '')))) found.add('card');
  // Twelve digits of a card's sixteen are no Individual Number.
  if (
    [...text.replaceAll(CARD_SHAPED, '').matchAll(TWELVE_DIGITS)].some(([digits]) =>
      isMyNumber(digits.replace(/\D/g, '')),
    )
  )
    found.add('my-number');
  if (says(text, BANK)) found.add('bank');
  if (PHONE.says.some((pattern) => [...text.matchAll(pattern)].some(([number]) => isPhone(number)))) found.add('phone');
  if (says(text, LINE_IN_TEXT)) found.add('line');
  for (const sentence of sentences(text)) {
    for (const [slip, pattern] of SENTENCE) if (!found.has(slip) && says(sentence, pattern)) found.add(slip);
    if (unfunded && says(sentence, UNFUNDED)) found.add('early');
  }
  // The app is said by its name already.
  if (found.has('line')) found.delete('outside');
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

/** Whether the last digit is the check digit of those before it (Luhn; ISO/IEC 7812-1, annex B), and the first one that cards have. */
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
