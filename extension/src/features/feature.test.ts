import { beforeEach, describe, expect, it, vi } from 'vitest';
import { preparePage, press, within } from '../testing/page';
import { finding, pageModel, pageVerdict } from '../testing/values';
import { h } from '../ui/dom';
import { FEATURES } from './all';
import { type Feature, startInFrame, startInPage } from './feature';

function feature(id: string, over: Partial<Feature> = {}) {
  const shown = vi.fn();
  return { shown, feature: { id, include: 'page', adds: false, init: () => shown, ...over } satisfies Feature };
}

const context = { send: vi.fn() };
const settled = vi.fn();

beforeEach(() => {
  vi.useFakeTimers();
  preparePage();
  context.send.mockClear();
  settled.mockClear();
});

describe('startInPage', () => {
  it('shows each model in order, to those that add to the page once it has settled', () => {
    const order: string[] = [];
    const follows = (id: string, adds: boolean) =>
      feature(id, { adds, init: () => (model) => order.push(`${id} ${model.url}`) }).feature;
    const show = startInPage([follows('adds', true), follows('asks', false)], context, settled);
    show(pageModel({ url: 'a' }));
    show(pageModel({ url: 'b' }));
    expect(order).toEqual(['asks a', 'asks b']);
    settled.mockImplementation(() => order.push('settled'));
    vi.runAllTimers();
    show(pageModel({ url: 'c' }));
    expect(order.slice(2)).toEqual(['settled', 'adds b', 'asks c', 'adds c']);
  });

  it('lets a feature that fails take no other with it, and starts it no second time', () => {
    const error = vi.spyOn(console, 'error').mockReturnValue();
    const init = vi.fn(() => {
      throw new Error('no root');
    });
    const fails = feature('fails', { init }).feature;
    const breaks = feature('breaks', { adds: true });
    breaks.shown.mockImplementation(() => {
      throw new Error('no element');
    });
    const others = [feature('other'), feature('adding', { adds: true })];
    const show = startInPage([fails, breaks.feature, ...others.map((each) => each.feature)], context, settled);
    vi.runAllTimers();
    show(pageModel());
    show(pageModel());
    for (const { shown } of [...others, breaks]) expect(shown).toHaveBeenCalledTimes(2);
    expect(init).toHaveBeenCalledOnce();
    expect(error).toHaveBeenCalledWith('Koban: breaks', new Error('no element'));
  });

  it('adds nothing while there is nothing to show', () => {
    const { shown, feature: adding } = feature('adds', { adds: true });
    startInPage([adding], context, settled);
    vi.runAllTimers();
    expect(shown).not.toHaveBeenCalled();
  });
});

describe('startInFrame', () => {
  it('starts what looks at what one writes, and nothing else, at once', () => {
    const page = feature('page');
    const frames = feature('frames', { include: 'frames', adds: true });
    startInFrame([page.feature, frames.feature], context)(pageModel());
    expect(page.shown).not.toHaveBeenCalled();
    expect(frames.shown).toHaveBeenCalledOnce();
  });

  it('goes on with the others where one fails', () => {
    vi.spyOn(console, 'error').mockReturnValue();
    const fails = feature('fails', { include: 'frames' });
    fails.shown.mockImplementation(() => {
      throw new Error('no element');
    });
    const other = feature('other', { include: 'frames' });
    startInFrame([fails.feature, other.feature], context)(pageModel());
    expect(other.shown).toHaveBeenCalledOnce();
  });
});

describe('the features', () => {
  it('have names of their own, and look at what is written first', () => {
    const ids = FEATURES.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids[0]).toBe('sending-guard');
    const files = Object.keys(import.meta.glob('./*.ts')).filter((path) => !/(all|feature|\.test)\.ts$/.test(path));
    expect(ids.map((id) => `./${id}.ts`).sort()).toEqual(files.sort());
    expect(FEATURES.filter(({ include }) => include === 'frames').map(({ id }) => id)).toEqual([
      'sending-guard',
      'reply-assistant',
    ]);
  });

  it('show a page’s verdict, hide what was appended, and tell the background what the user does', () => {
    const appended = document.createElement('koban-verdict');
    document.body.append(h('p', {}, '直接お願いします'), appended);
    const show = startInPage(FEATURES, context, settled);
    vi.runAllTimers();
    show(pageModel({ shown: pageVerdict({ findings: [finding()] }), wantsPage: true }));
    const banner = within('koban-banner');
    expect(banner.textContent).toContain('直接契約の誘いです');
    expect(appended.shadowRoot?.querySelector('style')?.textContent).toContain('display: none');
    vi.advanceTimersByTime(500);
    expect(context.send).toHaveBeenCalledWith(expect.objectContaining({ type: 'submit', url: location.href }));
    press(banner.querySelector('.report-button'));
    expect(context.send).toHaveBeenCalledWith({ type: 'report', rule: 'direct-contract' });
    show(pageModel());
    expect(appended.shadowRoot?.querySelector('style')).toBeNull();
    show(pageModel({ wantsPage: false, settings: null }));
  });

  it('say that a page is too large to be sent', () => {
    document.body.append('あ'.repeat(4_100_000));
    const show = startInPage(FEATURES, context, settled);
    show(pageModel({ wantsPage: true }));
    vi.advanceTimersByTime(500);
    expect(context.send).toHaveBeenCalledWith({ type: 'too-large', url: location.href });
    show(pageModel({ wantsPage: false }));
  });
});
