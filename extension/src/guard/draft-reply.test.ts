import { beforeEach, describe, expect, it, vi } from 'vitest';
import { place, preparePage } from '../testing/page';
import { h } from '../ui/dom';
import { copyDraft, draftOrCopy, draftReply } from './draft-reply';

const REPLY = { ja: '仮払いのあとに始めます。', en: 'I start once escrow is funded.' };
const boxed = (attributes: Record<string, string> = {}) =>
  place(h('textarea', attributes), { left: 0, top: 0, width: 400, height: 100 });

describe('draftReply', () => {
  const writeText = vi.fn(async (_: string) => undefined);

  beforeEach(() => {
    preparePage();
    document.documentElement.lang = 'ja';
    Object.assign(document, { execCommand: vi.fn(() => false) });
    vi.stubGlobal('navigator', { ...navigator, clipboard: { writeText } });
    writeText.mockReset();
  });

  it('stands below what is written already, and sends nothing', () => {
    const submit = vi.fn();
    const box = boxed();
    const form = h('form', { onsubmit: submit }, box, h('button', {}, '送信'));
    document.body.append(form);
    box.value = 'お世話になっております。\n';
    box.setSelectionRange(0, 3);
    expect(draftReply(REPLY)).toEqual({ text: REPLY.ja, isInserted: true });
    expect(box.value).toContain('お世話になっております。\n');
    expect(box.value.endsWith(REPLY.ja)).toBe(true);
    expect(submit).not.toHaveBeenCalled();
    expect(writeText).not.toHaveBeenCalled();
  });

  it('goes into the box with the focus, else into the one for messages', () => {
    const [memo, message] = [boxed({ name: 'memo' }), boxed({ name: 'message' })];
    document.body.append(memo, message);
    draftReply(REPLY);
    expect([memo.value, message.value]).toEqual(['', REPLY.ja]);
    memo.focus();
    draftReply(REPLY);
    expect(memo.value).toBe(REPLY.ja);
  });

  it('is copied where there is no box, and where it is not clear which is meant', async () => {
    expect(await draftOrCopy(REPLY)).toBe('copied');
    document.body.append(boxed(), boxed());
    expect(await draftOrCopy(REPLY)).toBe('copied');
    expect(writeText.mock.calls).toEqual([[REPLY.ja], [REPLY.ja]]);
    // An editor that takes no words: the browser has said so.
    document.body.replaceChildren(
      place(h('div', { contenteditable: 'true' }), { left: 0, top: 0, width: 400, height: 99 }),
    );
    expect(draftReply(REPLY).isInserted).toBe(false);
  });

  it('says that it failed where the clipboard is refused', async () => {
    writeText.mockRejectedValue(new DOMException('refused', 'NotAllowedError'));
    expect(await copyDraft(REPLY.ja)).toBe('failed');
  });

  it('is in the language of the page, whoever reads Koban’s own words', () => {
    document.documentElement.lang = 'en-US';
    expect(draftReply(REPLY).text).toBe(REPLY.en);
    document.documentElement.lang = '';
    expect(draftReply(REPLY).text).toBe(REPLY.ja);
    const everywhere = { ...REPLY, 'pt-BR': 'Primeiro o depósito.' };
    document.documentElement.lang = 'pt-br';
    expect(draftReply(everywhere).text).toBe('Primeiro o depósito.');
    document.documentElement.lang = 'de';
    expect(draftReply(everywhere).text).toBe(REPLY.en);
  });
});
