import { beforeEach, describe, expect, it, vi } from 'vitest';
import { Words } from '../i18n/words';
import { cover, preparePage, trusted, within } from '../testing/page';
import { h } from '../ui/dom';
import { Asking, formOf, type Question, repeatClick } from './question';

const question = (over: Partial<Question> = {}): Question => ({
  mark: h('span', {}, '危険'),
  title: '題',
  parts: [h('p', {}, '理由')],
  question: '送りますか。',
  back: '戻る',
  goOn: '続ける',
  stop: null,
  ...over,
});

beforeEach(preparePage);

describe('Asking', () => {
  const goOn = vi.fn();
  let control: HTMLElement;
  let now: number;

  beforeEach(() => {
    goOn.mockClear();
    control = h('button', {}, '送信');
    document.body.append(control);
    now = 0;
    vi.spyOn(performance, 'now').mockImplementation(() => now);
    new Asking().ask(question(), new Words('ja'), () => control, goOn);
    now = 10_000;
  });

  const dialog = () => within('koban-step').querySelector('dialog')!;
  const press = (selector: string, isTrusted = true) => {
    const event = new MouseEvent('click');
    dialog()
      .querySelector(selector)!
      .dispatchEvent(isTrusted ? trusted(event) : event);
  };

  it('goes on by a person’s click, and is gone', async () => {
    press('.on', false);
    expect(goOn).not.toHaveBeenCalled();
    press('.on');
    expect(goOn).toHaveBeenCalledOnce();
    await Promise.resolve();
    expect(document.querySelector('koban-step')).toBeNull();
  });

  it('goes back to where the user was', async () => {
    press('.back');
    await Promise.resolve();
    expect(goOn).not.toHaveBeenCalled();
    expect(document.activeElement).toBe(control);
  });

  it('takes no answer while something lies over it, and comes above it', () => {
    cover(false);
    expect(dialog().open).toBe(true);
    now += 1_000;
    press('.on');
    expect(goOn).not.toHaveBeenCalled();
    cover(true);
    now += 1_000;
    press('.on');
    expect(goOn).toHaveBeenCalledOnce();
  });

  it('comes above a popover that the page shows later, and wants to be seen then', async () => {
    const popover = h('div', { popover: 'manual' });
    document.body.append(popover);
    const shown = vi.mocked(HTMLDialogElement.prototype.showModal);
    shown.mockClear();
    popover.showPopover();
    await Promise.resolve();
    expect(shown).toHaveBeenCalledOnce();
    press('.on');
    expect(goOn).not.toHaveBeenCalled();
    now += 600;
    press('.on');
    expect(goOn).toHaveBeenCalledOnce();
  });

  it('keeps Tab within, and its keys from the page', () => {
    const heard = vi.fn();
    document.addEventListener('keydown', heard);
    const [back, on] = dialog().querySelectorAll<HTMLButtonElement>('button');
    back?.focus();
    const tab = (shiftKey: boolean) =>
      dialog().dispatchEvent(new KeyboardEvent('keydown', { key: 'Tab', shiftKey, bubbles: true, cancelable: true }));
    tab(false);
    expect(within('koban-step').activeElement).toBe(on);
    tab(false);
    expect(within('koban-step').activeElement).toBe(back);
    tab(true);
    expect(within('koban-step').activeElement).toBe(on);
    expect(heard).not.toHaveBeenCalled();
    document.removeEventListener('keydown', heard);
  });
});

describe('repeatClick', () => {
  it('clicks again for the page’s own listeners, with the same keys', () => {
    const control = h('button', {}, h('b', {}, '送信'));
    document.body.append(control);
    const heard = vi.fn();
    control.addEventListener('click', heard);
    repeatClick(new MouseEvent('click', { shiftKey: true }), control.firstElementChild!, control);
    expect(heard.mock.calls[0]?.[0]).toMatchObject({ shiftKey: true, bubbles: true });
    const gone = h('i');
    repeatClick(new MouseEvent('click'), gone, control);
    expect(heard).toHaveBeenCalledTimes(2);
  });

  it('opens a link in a tab of its own where the click would have', () => {
    const open = vi.spyOn(window, 'open').mockReturnValue(null);
    const link = h('a', { href: 'https://example.com/a' });
    repeatClick(new MouseEvent('click', { ctrlKey: true }), link, link);
    expect(open).toHaveBeenCalledWith('https://example.com/a', '_blank', 'noopener');
  });

  it('knows the form of a control', () => {
    const button = h('button');
    const form = h('form', {}, button);
    expect([formOf(button), formOf(h('a'))]).toEqual([form, null]);
  });
});
