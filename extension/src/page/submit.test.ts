import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { h } from '../ui/dom';
import { PageSubmitter, pageAsShown } from './submit';

describe('pageAsShown', () => {
  it('keeps what the site wrote, its data included', () => {
    document.body.replaceChildren(
      h('div', { id: 'vue-container', data: '{"a":1}' }, '募集実績'),
      h('script', { type: 'application/ld+json' }, '{"@type":"JobPosting"}'),
      h('input', { type: 'submit', value: '同意して契約する' }),
    );
    const html = pageAsShown(document);
    expect(html).toContain('募集実績');
    expect(html).toContain('JobPosting');
    expect(html).toContain('同意して契約する');
    expect(html).toMatch(/data="\{[^>]*1\}"/);
  });

  it('holds nothing that was typed, no scripts and nothing of our own', () => {
    const box = h('div', { contenteditable: 'true' }, '下書き');
    const area = h('textarea', {}, '秘密の文');
    const secrets = h('input', { type: 'hidden', value: 'csrf' });
    document.body.replaceChildren(
      h('main', {}, box, area, secrets, h('script', {}, 'code()')),
      h('koban-banner' as 'div', {}, '危険'),
    );
    const html = pageAsShown(document) ?? '';
    for (const word of ['下書き', '秘密の文', 'csrf', 'code()', '危険']) expect(html).not.toContain(word);
    expect(box.textContent).toBe('下書き');
    expect(secrets.value).toBe('csrf');
  });

  it('sends no page without measure', () => {
    document.body.replaceChildren('あ'.repeat(4_100_000));
    expect(pageAsShown(document)).toBeNull();
    document.body.replaceChildren();
  });
});

describe('PageSubmitter', () => {
  const HERE = 'https://crowdworks.jp/contracts/1';
  const send = vi.fn();
  let submitter: PageSubmitter;

  beforeEach(() => {
    vi.useFakeTimers();
    send.mockClear();
    document.body.replaceChildren('一');
    submitter = new PageSubmitter(send);
  });
  afterEach(() => submitter.want(false, HERE));

  it('sends the page once it rests, and again only when it has changed', async () => {
    submitter.want(true, HERE);
    await vi.advanceTimersByTimeAsync(500);
    expect(send).toHaveBeenCalledTimes(1);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(send).toHaveBeenCalledTimes(1);
    document.body.append('二');
    await vi.advanceTimersByTimeAsync(500);
    expect(send).toHaveBeenCalledTimes(2);
    expect(send.mock.lastCall?.[1]).toContain('二');
  });

  it('does not wait for ever on a page that never rests', async () => {
    submitter.want(true, HERE);
    for (let n = 0; n < 40; n++) {
      document.body.append('・');
      await vi.advanceTimersByTimeAsync(100);
    }
    expect(send).toHaveBeenCalledTimes(1);
  });

  it('sends nothing that is wanted no more', async () => {
    submitter.want(true, HERE);
    submitter.want(false, HERE);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(send).not.toHaveBeenCalled();
  });

  it('sends the page again where its address changed and nothing else did', async () => {
    const there = location.href;
    submitter.want(true, there);
    await vi.advanceTimersByTimeAsync(500);
    history.replaceState(null, '', '/another?tab=2');
    await vi.advanceTimersByTimeAsync(10_000);
    expect(send).toHaveBeenCalledTimes(1);
    submitter.want(true, location.href);
    await vi.advanceTimersByTimeAsync(500);
    expect(send).toHaveBeenCalledTimes(2);
    expect(send.mock.lastCall?.[0]).toBe(location.href);
    submitter.want(true, `${location.href}#place`);
    await vi.advanceTimersByTimeAsync(500);
    expect(send, 'a place in it').toHaveBeenCalledTimes(2);
    history.replaceState(null, '', there);
  });

  it('says once that a page is too large to be sent', async () => {
    document.body.replaceChildren('あ'.repeat(4_100_000));
    submitter.want(true, HERE);
    await vi.advanceTimersByTimeAsync(500);
    document.body.append('い');
    await vi.advanceTimersByTimeAsync(500);
    expect(send.mock.calls).toEqual([[location.href, null]]);
    document.body.replaceChildren('一');
    await vi.advanceTimersByTimeAsync(500);
    expect(send.mock.lastCall?.[1]).toContain('一');
  });
});
