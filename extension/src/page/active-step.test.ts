import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { preparePage, trusted, within } from '../testing/page';
import { finding, pageModel, pageSettings, pageVerdict } from '../testing/values';
import { h } from '../ui/dom';
import { ActiveStep } from './step';

describe('ActiveStep', () => {
  const stopAsking = vi.fn();
  const step = new ActiveStep(stopAsking);
  let apply: HTMLAnchorElement;
  const heard = vi.fn((event: Event) => event.preventDefault());

  beforeEach(() => {
    stopAsking.mockClear();
    heard.mockClear();
    preparePage();
    vi.stubGlobal('location', new URL('https://crowdworks.jp/public/jobs/1'));
    apply = h('a', { href: 'https://crowdworks.jp/proposals/new' }, '応募する');
    document.body.append(apply);
    apply.addEventListener('click', heard);
  });

  afterEach(() => step.show(pageModel({ settings: pageSettings({ asks: false, asksDelivery: false }) })));

  const danger = (over: Parameters<typeof pageModel>[0] = {}) =>
    pageModel({ shown: pageVerdict({ kind: 'job', findings: [finding()] }), ...over });
  const click = (target: Element = apply, init: MouseEventInit = {}) => {
    const event = trusted(new MouseEvent('click', { bubbles: true, composed: true, cancelable: true, ...init }));
    target.dispatchEvent(event);
    return event;
  };
  const isAsked = () => document.querySelector('koban-step') !== null;
  const answer = async (selector: '.on' | '.back') => {
    vi.spyOn(performance, 'now').mockReturnValue(performance.now() + 1_000);
    within('koban-step')
      .querySelector(selector)!
      .dispatchEvent(trusted(new MouseEvent('click')));
    await Promise.resolve();
  };

  it('asks before a step into danger, and takes it where a person goes on', async () => {
    step.show(danger());
    click();
    expect(heard).not.toHaveBeenCalled();
    expect(within('koban-step').textContent).toContain('直接契約の誘いです');
    await answer('.on');
    expect(heard).toHaveBeenCalledOnce();
    click();
    expect(heard).toHaveBeenCalledTimes(2);
    expect(isAsked()).toBe(false);
  });

  it('asks before a control that a pack names, and the extension does not', () => {
    apply.textContent = 'この条件で申し込む';
    step.show(danger());
    click();
    expect(isAsked()).toBe(false);
    const named = { labels: ['この条件で申し込む'], selectors: [] };
    const controls = { hosts: ['crowdworks.jp'], steps: { apply: named }, field_labels: {} };
    step.show(danger({ settings: pageSettings({ controls }) }));
    click();
    expect(isAsked()).toBe(true);
  });

  it('asks again where the danger is another', async () => {
    step.show(danger());
    click();
    await answer('.on');
    step.show(danger({ shown: pageVerdict({ kind: 'job', findings: [finding({ rule: 'fee-upfront' })] }) }));
    click();
    expect(isAsked()).toBe(true);
    await answer('.back');
    expect(document.activeElement).toBe(apply);
  });

  it('lets pass what is no step, no danger, or not the user’s', () => {
    step.show(danger());
    apply.dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true }));
    click(document.body);
    click(apply, { button: 2 });
    step.show(pageModel({ shown: pageVerdict() }));
    click();
    expect(isAsked()).toBe(false);
  });

  it('asks no more with this client where the user says so, but before a delivery without escrow', async () => {
    step.show(danger());
    click();
    within('koban-step').querySelector('input')!.checked = true;
    await answer('.on');
    expect(stopAsking).toHaveBeenCalledOnce();
    const quiet = pageSettings({ asks: false });
    step.show(danger({ settings: quiet, shown: pageVerdict({ kind: 'job', findings: [finding({ rule: 'x' })] }) }));
    click();
    expect(isAsked()).toBe(false);
    const deliver = h('button', { type: 'submit' }, '納品する');
    const form = h('form', {}, deliver);
    const submit = vi.spyOn(form, 'requestSubmit').mockImplementation(() => undefined);
    document.body.append(form);
    step.show(danger({ settings: quiet, shown: pageVerdict({ kind: 'contract', stage: 'agreed-unfunded' }) }));
    const event = new SubmitEvent('submit', { bubbles: true, cancelable: true, submitter: deliver });
    form.dispatchEvent(event);
    expect(event.defaultPrevented).toBe(true);
    expect(within('koban-step').querySelector('input')).toBeNull();
    await answer('.on');
    expect(submit).toHaveBeenCalledWith(deliver);
  });
});
