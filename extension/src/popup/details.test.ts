import { render } from 'preact';
import { describe, expect, it } from 'vitest';
import { Words } from '../i18n/words';
import { detailsList } from './details';

const details = [
  { label: { ja: '発注者の国', en: "Client's country" }, value: { ja: '日本', en: 'Japan' } },
  { label: { ja: '契約金額', en: 'Contract amount' }, value: { ja: '<b>5円</b>', en: '¥5' } },
];

describe('detailsList', () => {
  it('shows each label with its value, in the language, folded', () => {
    for (const [language, rows] of [
      ['ja', ['発注者の国', '日本', '契約金額', '<b>5円</b>']],
      ['en', ["Client's country", 'Japan', 'Contract amount', '¥5']],
    ] as const) {
      render(detailsList({ details }, new Words(language)), document.body);
      expect([...document.querySelectorAll('dt, dd')].map(({ textContent }) => textContent)).toEqual(rows);
      expect(document.querySelector('details')?.open).toBe(false);
      expect(document.querySelector('b')).toBeNull();
    }
  });

  it('is nothing for a page without details, and for one without a verdict', () => {
    expect(detailsList({ details: [] }, new Words('ja'))).toBeNull();
    expect(detailsList(undefined, new Words('ja'))).toBeNull();
  });
});
