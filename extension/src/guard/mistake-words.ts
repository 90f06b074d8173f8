/** The texts of each kind of mistake: title, advice, loss. */
import type { Key } from '../i18n/words';
import type { Mistake } from './mistakes';

export const MISTAKE_WORDS: Record<Mistake, readonly [title: Key, advice: Key]> = {
  'my-number': ['slipMyNumber', 'slipMyNumberAdvice'],
  card: ['slipCard', 'slipCardAdvice'],
  password: ['slipPassword', 'slipPasswordAdvice'],
  bank: ['slipBank', 'slipBankAdvice'],
  identity: ['slipIdentity', 'slipIdentityAdvice'],
  address: ['slipAddress', 'slipAddressAdvice'],
  phone: ['slipPhone', 'slipContactAdvice'],
  mail: ['slipMail', 'slipContactAdvice'],
  line: ['slipLine', 'slipContactAdvice'],
  outside: ['slipOutside', 'slipContactAdvice'],
  early: ['slipEarly', 'slipEarlyAdvice'],
  direct: ['slipDirect', 'slipDirectAdvice'],
  pay: ['slipPay', 'slipPayAdvice'],
};

/** None for an address, which nothing is held for. */
export const LOSSES: Partial<Record<Mistake, Key>> = {
  'my-number': 'lossMyNumber',
  card: 'lossCard',
  password: 'lossPassword',
  bank: 'lossBank',
  identity: 'lossIdentity',
  phone: 'lossContact',
  mail: 'lossContact',
  line: 'lossContact',
  outside: 'lossContact',
  early: 'lossEarly',
  direct: 'lossDirect',
  pay: 'lossDirect',
};
