import { beforeEach, describe, expect, it, vi } from 'vitest';
import { Words } from '../i18n/words';
import { cover, preparePage, trusted, within } from '../testing/page';
import { h } from '../ui/dom';
import { Asking, formOf, isOfPerson, type Question, repeatClick } from './question';

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
    goOn.mockReset();
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

  it('takes the second of two clicks, which came before anybody could read it, for no answer', () => {
    now = 200;
    press('.on');
    expect(goOn).not.toHaveBeenCalled();
    now = 600;
    press('.on');
    expect(goOn).toHaveBeenCalledOnce();
  });

  it('takes neither answer before anybody could read it, and Esc at once', async () => {
    now = 200;
    press('.back');
    await Promise.resolve();
    expect(dialog().open, 'the second Enter of two, on what has the keyboard').toBe(true);
    dialog().close();
    await Promise.resolve();
    expect(document.querySelector('koban-step')).toBeNull();
  });

  it('can be gone back from where a browser says that something lies over it', async () => {
    cover(false);
    press('.on');
    press('.back');
    await Promise.resolve();
    expect(goOn).not.toHaveBeenCalled();
    expect(document.querySelector('koban-step')).toBeNull();
  });

  it('takes a key that is held down for no answer', () => {
    const back = dialog().querySelector('.back')!;
    const isTaken = (key: string, repeat: boolean) => {
      const event = new KeyboardEvent('keydown', { key, repeat, bubbles: true, cancelable: true });
      return !back.dispatchEvent(event);
    };
    expect([isTaken('Enter', true), isTaken(' ', true)]).toEqual([true, true]);
    expect([isTaken('Enter', false), isTaken(' ', false), isTaken('Escape', true)]).toEqual([false, false, false]);
  });

  it('leaves the keyboard where the page puts it when one goes on', async () => {
    const field = h('input');
    document.body.append(field);
    goOn.mockImplementation(() => field.focus());
    press('.on');
    await Promise.resolve();
    expect(document.activeElement).toBe(field);
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

describe('a question that the page takes away', () => {
  const frames = new Map<number, () => void>();
  const goOn = vi.fn();
  let asking: Asking;

  beforeEach(() => {
    frames.clear();
    goOn.mockClear();
    let last = 0;
    vi.stubGlobal('requestAnimationFrame', (draw: () => void) => {
      frames.set(++last, draw);
      return last;
    });
    vi.stubGlobal('cancelAnimationFrame', (frame: number) => frames.delete(frame));
    asking = new Asking();
    asking.ask(question(), new Words('ja'), () => null, goOn);
  });

  const frame = () => {
    const due = [...frames.values()];
    frames.clear();
    for (const draw of due) draw();
  };
  const take = (): { host: Element; dialog: HTMLDialogElement } => {
    const host = document.querySelector('koban-step')!;
    const dialog = within('koban-step').querySelector('dialog')!;
    host.remove();
    // As browsers do: it stays open, and is modal no more.
    dialog.removeAttribute('data-modal');
    return { host, dialog };
  };

  it('is looked at no more', () => {
    frame();
    expect(frames.size).toBe(1);
    take();
    frame();
    expect(frames.size).toBe(0);
  });

  it('is followed again once it is put back, over the page as before', () => {
    const { host, dialog } = take();
    frame();
    document.body.append(host);
    cover(true);
    expect(dialog.matches(':modal')).toBe(true);
    expect(frames.size).toBe(1);
    frame();
    expect(frames.size, 'one loop, not two').toBe(1);
  });

  it('put back takes no answer before it stands over the page, though no browser has told of it', async () => {
    const { host, dialog } = take();
    frame();
    document.body.append(host);
    const press = () => dialog.querySelector('.on')!.dispatchEvent(trusted(new MouseEvent('click')));
    press();
    expect(goOn).not.toHaveBeenCalled();
    expect(dialog.matches(':modal')).toBe(true);
    vi.spyOn(performance, 'now').mockReturnValue(performance.now() + 1_000);
    press();
    expect(goOn).toHaveBeenCalledOnce();
    await Promise.resolve();
    expect(frames.size).toBe(0);
  });

  it('ends with the next one, which stays', async () => {
    const { host } = take();
    asking.ask(question({ title: '次の題' }), new Words('ja'), () => null, goOn);
    await Promise.resolve();
    expect(within('koban-step').textContent).toContain('次の題');
    expect(document.querySelector('koban-step')).toBe(host);
    frame();
    expect(frames.size).toBe(1);
    cover(true);
    expect(frames.size, 'the browser watches one').toBe(1);
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

  it('is a person’s for as long as it is on its way, and no click of the page’s own is', () => {
    const control = h('button');
    document.body.append(control);
    const clicks: [Event, boolean][] = [];
    control.addEventListener('click', (event) => clicks.push([event, isOfPerson(event)]));
    repeatClick(new MouseEvent('click'), control, control);
    control.click();
    expect(clicks.map(([, isPersons]) => isPersons)).toEqual([true, false]);
    expect(clicks.some(([event]) => isOfPerson(event))).toBe(false);
    expect(isOfPerson(trusted(new MouseEvent('click')))).toBe(true);
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
