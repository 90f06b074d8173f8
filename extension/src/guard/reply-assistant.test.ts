import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { REPLIES } from '../templates/templates';
import { layOut, place, preparePage, press, trusted, within } from '../testing/page';
import { finding, pageModel, pageSettings, pageVerdict, replyInfo } from '../testing/values';
import { h } from '../ui/dom';
import { ReplyAssistant } from './reply-assistant';

const NAME = 'koban-desk';
const MAIL = '連絡は taro@example.com までお願いします。';

describe('ReplyAssistant', () => {
  let assistant: ReplyAssistant;
  let box: HTMLTextAreaElement;

  beforeEach(() => {
    vi.useFakeTimers();
    preparePage();
    box = place(h('textarea'), { left: 40, top: 100, width: 400, height: 120 });
    document.body.append(h('h1', {}, '件名'), box);
    Object.assign(document, { execCommand: vi.fn(() => false) });
    assistant = new ReplyAssistant();
  });

  afterEach(() => assistant.show(pageModel({ settings: null })));

  const write = (text: string) => {
    box.value = text;
    box.dispatchEvent(new InputEvent('input', { bubbles: true, composed: true }));
    vi.advanceTimersByTime(400);
    layOut();
  };
  const part = <Of extends HTMLElement = HTMLElement>(selector: string) => within(NAME).querySelector<Of>(selector);
  const offer = () => part<HTMLButtonElement>('.row > button');
  const slip = () => part<HTMLButtonElement>('.slip');
  const key = (init: KeyboardEventInit) =>
    trusted(new KeyboardEvent('keydown', { key: 'Tab', bubbles: true, composed: true, cancelable: true, ...init }));

  it('offers replies beside the box that has the focus, and nothing before one has', () => {
    assistant.show(pageModel());
    expect(document.querySelector(NAME)).toBeNull();
    box.focus();
    box.dispatchEvent(new Event('focusin', { bubbles: true, composed: true }));
    layOut();
    expect(offer()?.textContent).not.toBe('');
    expect(slip()).toBeNull();
    expect(part('.row')?.style.translate).toMatch(/px/);
  });

  it('is there for a box that had the focus before, and goes where Koban is paused', () => {
    box.focus();
    assistant.show(pageModel());
    expect(offer()).not.toBeNull();
    assistant.show(pageModel({ shown: pageVerdict({ state: 'not-checked', reason: 'paused' }) }));
    expect(document.querySelector(NAME)).toBeNull();
  });

  it('notes what one may regret, once the typing rests, and unfolds it', () => {
    box.focus();
    assistant.show(pageModel());
    box.value = MAIL;
    box.dispatchEvent(new InputEvent('input', { bubbles: true, composed: true }));
    expect(slip()).toBeNull();
    vi.advanceTimersByTime(400);
    expect(slip()?.textContent).toContain('メール');
    press(slip());
    expect(part('.card.slips')?.hasAttribute('data-popover-open')).toBe(true);
    expect(part('.card.slips')?.textContent).toContain('このページの中だけで');
    write('承知しました。');
    expect(slip()).toBeNull();
  });

  it('says no more on this page of what was dismissed', () => {
    box.focus();
    assistant.show(pageModel());
    write(MAIL);
    press(slip());
    press(part<HTMLButtonElement>('.card .buttons button'));
    expect(slip()).toBeNull();
    expect(document.activeElement).toBe(box);
    write(`${MAIL}よろしくお願いします。`);
    expect(slip()).toBeNull();
  });

  it('looks at nothing where the user does not want it', () => {
    box.focus();
    assistant.show(pageModel({ settings: pageSettings({ guards: false }) }));
    write(MAIL);
    expect(slip()).toBeNull();
  });

  it('puts a reply into the box as if it were typed, or copies it', async () => {
    box.focus();
    assistant.show(pageModel());
    press(offer());
    const typed = vi.fn();
    box.addEventListener('input', typed);
    const [insert, copy] = part('.card.replies')!.querySelectorAll<HTMLButtonElement>('.buttons button');
    const writeText = vi.fn(async () => undefined);
    vi.stubGlobal('navigator', { ...navigator, clipboard: { writeText } });
    press(copy);
    await vi.waitFor(() => expect(copy?.textContent).toBe('コピーしました'));
    press(insert);
    expect(writeText).toHaveBeenCalledWith(box.value);
    expect(box.value.length).toBeGreaterThan(10);
    expect(typed).toHaveBeenCalled();
    expect(part('.card')?.childElementCount).toBe(0);
  });

  it('says where the browser refuses to copy', async () => {
    box.focus();
    assistant.show(pageModel());
    press(offer());
    const [, copy] = part('.card.replies')!.querySelectorAll<HTMLButtonElement>('.buttons button');
    const writeText = () => Promise.reject(new DOMException('refused', 'NotAllowedError'));
    vi.stubGlobal('navigator', { ...navigator, clipboard: { writeText } });
    press(copy);
    await vi.waitFor(() => expect(copy?.textContent).toBe('コピーできませんでした'));
  });

  it('offers the versions of the page and of the reader, where they are two', () => {
    box.focus();
    assistant.show(pageModel({ language: 'fr' }));
    press(offer());
    const labels = [...part('.card section')!.querySelectorAll('button')].map((button) => button.textContent);
    expect(labels).toEqual(['Insérer (日本語)', 'Insérer (Français)', 'Copier']);
    assistant.show(pageModel({ language: 'ja' }));
    expect(offer()?.textContent).toBe('返信文');
  });

  it('offers the replies of a pack', () => {
    box.focus();
    assistant.show(pageModel({ settings: pageSettings({ replies: [replyInfo()] }) }));
    press(offer());
    const titles = [...within(NAME).querySelectorAll('.card h3')].map(({ textContent }) => textContent);
    expect(titles.at(-1)).toBe('通話を断る');
  });

  describe('where a verdict comes late', () => {
    const judged = (...risks: string[]) =>
      pageModel({ shown: pageVerdict({ findings: risks.map((risk) => finding({ risk })) }) });
    const titles = () => [...within(NAME).querySelectorAll('.card h3')].map(({ textContent }) => textContent);
    const inserts = () =>
      [...within(NAME).querySelectorAll('.card section')].map((section) => section.querySelector('button'));
    const UNFUNDED = pageModel({ shown: pageVerdict({ stage: 'agreed-unfunded' }) });
    const EARLY = '明日から着手します。';

    it('moves nothing in the open card of replies, and orders the next by it', () => {
      box.focus();
      assistant.show(judged('work-before-escrow'));
      press(offer());
      const before = titles();
      const [, second] = inserts();
      second?.focus();
      assistant.show(judged('work-before-escrow', 'direct-contract'));
      expect(titles()).toEqual(before);
      expect(within(NAME).activeElement).toBe(second);
      const { text } = REPLIES.find(({ title }) => title.ja === before[1])!;
      press(second);
      expect(box.value).toBe(text.ja);
      press(offer());
      expect(titles().slice(0, 2)).toEqual([before[0], '直接契約を断る']);
    });

    it('dismisses what was read, and not what has come since', () => {
      box.focus();
      assistant.show(pageModel());
      write(`${EARLY}${MAIL}`);
      press(slip());
      expect(part('.card')?.textContent).not.toContain('仮払い前に始めると書いています');
      assistant.show(UNFUNDED);
      press(part<HTMLButtonElement>('.card .buttons button'));
      expect(slip()?.textContent).toContain('仮払い前に始めると書いています');
      expect(slip()?.textContent).not.toContain('メール');
    });

    it('gives the keyboard to its card as a whole, so that Enter pressed twice hushes nothing', () => {
      box.focus();
      assistant.show(pageModel());
      write(MAIL);
      press(slip());
      expect(within(NAME).activeElement).toBe(part('.card'));
      part('.card')?.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true, cancelable: true }));
      expect(within(NAME).activeElement).toBe(slip());
    });

    it('leaves the keyboard on the note, and in the box where the note goes', () => {
      box.focus();
      assistant.show(pageModel());
      write(`${EARLY}${MAIL}`);
      slip()?.focus();
      const before = slip();
      assistant.show(UNFUNDED);
      expect(slip()).not.toBe(before);
      expect(within(NAME).activeElement).toBe(slip());
      assistant.show(pageModel({ settings: pageSettings({ guards: false }) }));
      expect(slip()).toBeNull();
      expect(document.activeElement).toBe(box);
    });
  });

  it('leads by Tab from the box to its note, and back', () => {
    box.focus();
    assistant.show(pageModel());
    write(MAIL);
    const into = key({});
    box.dispatchEvent(into);
    expect(into.defaultPrevented).toBe(true);
    expect(within(NAME).activeElement).toBe(slip());
    const back = key({ shiftKey: true });
    slip()?.dispatchEvent(back);
    expect(document.activeElement).toBe(box);
    expect(back.defaultPrevented).toBe(true);
    const away = key({ shiftKey: true });
    box.dispatchEvent(away);
    expect(away.defaultPrevented).toBe(false);
  });

  it('keeps the page from hearing its keys, and the cursor in the box', () => {
    box.focus();
    assistant.show(pageModel());
    const heard = vi.fn();
    document.body.addEventListener('keydown', heard);
    offer()?.dispatchEvent(key({ key: 'j' }));
    expect(heard).not.toHaveBeenCalled();
    const press = new MouseEvent('mousedown', { bubbles: true, composed: true, cancelable: true });
    offer()?.dispatchEvent(press);
    expect(press.defaultPrevented).toBe(true);
  });

  it('stands within the page’s own dialog, in its top layer', () => {
    const dialog = h('dialog', {}, box);
    document.body.append(dialog);
    dialog.showModal();
    box.focus();
    assistant.show(pageModel());
    expect(document.querySelector(NAME)?.parentElement).toBe(dialog);
    expect(part('.layer')?.hasAttribute('data-popover-open')).toBe(true);
  });

  it('follows what scrolls, and leaves with its box', () => {
    box.focus();
    assistant.show(pageModel());
    layOut();
    const before = part('.row')?.style.translate;
    place(box, { left: 40, top: 300, width: 400, height: 120 });
    document.body.dispatchEvent(new Event('scroll'));
    document.dispatchEvent(new Event('scroll', { bubbles: true }));
    layOut();
    expect(part('.row')?.style.translate).not.toBe(before);
    box.remove();
    layOut();
    expect(document.querySelector(NAME)).toBeNull();
  });

  it('stands under what is written where the box has no room beside it', () => {
    const editor = place(h('div', { contenteditable: 'true' }, '先に'), { left: 0, top: 0, width: 400, height: 300 });
    document.body.append(editor);
    editor.textContent = MAIL;
    editor.tabIndex = 0;
    editor.focus();
    assistant.show(pageModel());
    editor.dispatchEvent(new Event('focusin', { bubbles: true, composed: true }));
    editor.dispatchEvent(new InputEvent('input', { bubbles: true, composed: true }));
    vi.advanceTimersByTime(400);
    layOut();
    expect(slip()).not.toBeNull();
    expect(part('.row')?.classList.contains('wide')).toBe(true);
  });
});
