import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ActiveStep } from '../page/step';
import { place, preparePage, trusted, within } from '../testing/page';
import { finding, pageModel, pageSettings, pageVerdict } from '../testing/values';
import { h } from '../ui/dom';
import { entersTo, Sending } from './sending';

const PASSWORD = 'パスワードは hunter22 です。';
const sending = new Sending();
const model = () => pageModel({ shown: pageVerdict({ stage: 'applying' }) });

beforeEach(() => {
  preparePage();
  vi.stubGlobal('location', new URL('https://crowdworks.jp/messages/1'));
});

afterEach(() => sending.show(pageModel({ settings: pageSettings({ guards: false }) })));

function composer() {
  const box = place(h('textarea', { name: 'message' }), { left: 0, top: 0, width: 400, height: 100 });
  const button = h('button', { type: 'submit' }, '送信する');
  const form = h('form', {}, box, button);
  document.body.append(form);
  const submit = vi.spyOn(form, 'requestSubmit').mockImplementation(() => undefined);
  return { box, button, form, submit };
}

const click = (target: Element) => {
  const event = trusted(new MouseEvent('click', { bubbles: true, composed: true, cancelable: true }));
  target.dispatchEvent(event);
  return event;
};
const dialog = () => within('koban-step').querySelector('dialog')!;
const answer = async (selector: '.on' | '.back') => {
  vi.spyOn(performance, 'now').mockReturnValue(performance.now() + 1_000);
  dialog()
    .querySelector(selector)!
    .dispatchEvent(trusted(new MouseEvent('click')));
  await Promise.resolve();
};

describe('Sending', () => {
  it('lets all else pass', () => {
    const { box, button } = composer();
    sending.show(model());
    box.value = '承知しました。よろしくお願いします。';
    expect(click(button).defaultPrevented).toBe(false);
    box.value = PASSWORD;
    const script = new MouseEvent('click', { bubbles: true, cancelable: true });
    button.dispatchEvent(script);
    expect(script.defaultPrevented).toBe(false);
    sending.show(pageModel({ settings: pageSettings({ guards: false }) }));
    expect(click(button).defaultPrevented).toBe(false);
    expect(document.querySelector('koban-step')).toBeNull();
  });

  it('asks once before a click sends what one would regret, and does what the click would have done', async () => {
    const { box, button } = composer();
    sending.show(model());
    box.value = PASSWORD;
    const heard = vi.fn();
    button.addEventListener('click', heard);
    expect(click(button).defaultPrevented).toBe(true);
    expect(heard).not.toHaveBeenCalled();
    expect(dialog().textContent).toContain('パスワード');
    await answer('.on');
    expect(heard).toHaveBeenCalledOnce();
    expect(document.querySelector('koban-step')).toBeNull();
    expect(click(button).defaultPrevented).toBe(false);
  });

  it('asks again of the same text where a later verdict brings another mistake, and of that alone once', async () => {
    const { box, button } = composer();
    sending.show(pageModel({ shown: pageVerdict({}) }));
    box.value = `${PASSWORD}明日から着手します。`;
    click(button);
    expect(dialog().textContent).not.toContain('仮払い前に始めると書いています');
    await answer('.back');
    expect(click(button).defaultPrevented).toBe(false);
    sending.show(pageModel({ shown: pageVerdict({ stage: 'agreed-unfunded' }) }));
    expect(click(button).defaultPrevented).toBe(true);
    expect(dialog().textContent).toContain('仮払い前に始めると書いています');
    await answer('.back');
    expect(click(button).defaultPrevented).toBe(false);
    sending.show(pageModel({ shown: pageVerdict({}) }));
    expect(click(button).defaultPrevented).toBe(false);
  });

  it('leaves the question of the page’s danger to be answered, by which its own does not come again', async () => {
    const { box } = composer();
    const apply = h('button', { type: 'button' }, '応募する');
    const heard = vi.fn();
    apply.addEventListener('click', heard);
    document.body.append(apply);
    const step = new ActiveStep(() => undefined);
    const shown = pageModel({ shown: pageVerdict({ kind: 'job', findings: [finding()] }) });
    sending.show(shown);
    step.show(shown);
    box.focus();
    box.value = PASSWORD;
    click(apply);
    expect(dialog().textContent).toContain('パスワード');
    await answer('.on');
    expect(heard).not.toHaveBeenCalled();
    expect(dialog().textContent).toContain('直接契約の誘いです');
    await answer('.on');
    expect(heard).toHaveBeenCalledOnce();
    expect(document.querySelector('koban-step')).toBeNull();
    step.show(pageModel({ settings: pageSettings({ asks: false, asksDelivery: false }) }));
  });

  it('goes back to the box where one thinks better of it', async () => {
    const { box, button } = composer();
    sending.show(model());
    box.value = PASSWORD;
    click(button);
    await answer('.back');
    expect(document.activeElement).toBe(box);
    expect(box.value).toBe(PASSWORD);
  });

  it('asks before a form is sent by other means', async () => {
    const { box, form, button, submit } = composer();
    sending.show(model());
    box.value = PASSWORD;
    const event = new SubmitEvent('submit', { bubbles: true, cancelable: true, submitter: button });
    form.dispatchEvent(event);
    expect(event.defaultPrevented).toBe(true);
    await answer('.on');
    expect(submit).toHaveBeenCalledWith(button);
  });

  it('asks before Enter sends, and presses it again', async () => {
    const { box, button } = composer();
    sending.show(model());
    box.value = PASSWORD;
    box.focus();
    const keys: string[] = [];
    box.addEventListener('keydown', ({ key, ctrlKey }) => keys.push(`${ctrlKey ? 'Ctrl+' : ''}${key}`));
    const press = (init: KeyboardEventInit) => {
      const event = trusted(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true, ...init }));
      box.dispatchEvent(event);
      return event.defaultPrevented;
    };
    expect(press({ isComposing: true })).toBe(false);
    expect(press({})).toBe(false);
    keys.length = 0;
    expect(press({ ctrlKey: true })).toBe(true);
    expect(keys).toEqual([]);
    await answer('.on');
    expect(keys).toEqual(['Ctrl+Enter']);
    expect(button.isConnected).toBe(true);
  });

  it('lets no Enter that is held down send what it was asked about', async () => {
    const { box } = composer();
    sending.show(model());
    box.value = PASSWORD;
    box.focus();
    const press = (repeat: boolean) => {
      const init = { key: 'Enter', ctrlKey: true, bubbles: true, cancelable: true, repeat };
      const event = trusted(new KeyboardEvent('keydown', init));
      box.dispatchEvent(event);
      return event.defaultPrevented;
    };
    expect(press(false)).toBe(true);
    await answer('.back');
    expect(press(true)).toBe(true);
    expect(document.querySelector('koban-step'), 'asked once').toBeNull();
    expect(press(false)).toBe(false);
    box.value = '承知しました。';
    expect(press(true)).toBe(false);
  });

  it('finds the box around a control that is of no form, or where one wrote last', async () => {
    const box = place(h('div', { contenteditable: 'true' }, PASSWORD), { left: 0, top: 0, width: 400, height: 100 });
    const near = h('button', { type: 'button' }, '送信');
    document.body.append(h('div', {}, box, h('div', {}, near)));
    sending.show(model());
    expect(click(near).defaultPrevented).toBe(true);
    await answer('.back');
  });
});

describe('entersTo', () => {
  const plain = { ctrlKey: false, metaKey: false, shiftKey: false, altKey: false };

  it('knows where Enter sends', () => {
    const line = h('input', { type: 'text' });
    const area = h('textarea');
    expect(entersTo(area, { ...plain, metaKey: true })).toBe(true);
    expect(entersTo(line, plain)).toBe(true);
    expect(entersTo(line, { ...plain, shiftKey: true })).toBe(false);
    expect(entersTo(area, plain)).toBe(false);
    area.setAttribute('aria-multiline', 'false');
    expect(entersTo(area, plain)).toBe(true);
  });

  it('reads it from the page, with its switch', () => {
    const area = h('textarea');
    const choice = h('input', { type: 'checkbox' });
    document.body.append(h('div', {}, area, h('label', {}, choice, 'Enterキーで送信')));
    expect(entersTo(area, plain)).toBe(false);
    choice.checked = true;
    expect(entersTo(area, plain)).toBe(true);
    document.body.replaceChildren(h('div', {}, area, h('p', {}, 'あ'.repeat(500))));
    expect(entersTo(area, plain)).toBe(false);
  });
});
