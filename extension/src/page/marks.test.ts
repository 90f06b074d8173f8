import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { layOut, place, preparePage, press, trusted, within } from '../testing/page';
import { finding, pageModel, pageVerdict } from '../testing/values';
import { h } from '../ui/dom';
import { Marks } from './marks';

const SAID = '直接お願いします';

describe('Marks', () => {
  const prepare = vi.fn();
  let marks: Marks;
  let sentence: HTMLElement;

  beforeEach(() => {
    vi.useFakeTimers();
    prepare.mockClear();
    preparePage();
    sentence = place(h('p', {}, `次回は${SAID}。`), { left: 20, top: 50, width: 300, height: 20 });
    document.body.append(sentence);
    marks = new Marks(prepare);
  });

  afterEach(() => marks.show(pageModel()));

  const model = (...findings: ReturnType<typeof finding>[]) => pageModel({ shown: pageVerdict({ findings }) });
  const buttons = () => [...within('koban-marks').querySelectorAll<HTMLButtonElement>('button.place')];
  const card = () => within('koban-marks').querySelector<HTMLElement>('.card')!;
  const isOpen = () => card().hasAttribute('data-popover-open');
  const next = () =>
    window.dispatchEvent(
      trusted(
        new KeyboardEvent('keydown', { code: 'KeyK', altKey: true, shiftKey: true, bubbles: true, cancelable: true }),
      ),
    );

  it('stand beside the sentence that a warning is about, and touch nothing of the page', () => {
    const before = document.body.innerHTML;
    marks.show(model(finding()));
    layOut();
    expect(document.body.innerHTML).toBe(before);
    const [mark] = buttons();
    expect(mark?.ariaLabel).toContain('直接契約の誘いです');
    expect(mark?.classList.contains('danger')).toBe(true);
    expect(mark?.hidden).toBe(false);
    expect(mark?.style.translate).toBe('328px 60px');
  });

  it('stand behind the words that follow, where the line has no room', () => {
    const line = (text: string, left: number, top: number, width: number) =>
      place(h('span', {}, text), { left, top, width, height: 20 });
    const full = [
      line(`次回は${SAID}。`, 20, 50, 300),
      line('資料は明日までに', 320, 50, 280),
      line('届きます。', 20, 70, 100),
    ];
    sentence.replaceWith(place(h('p', {}, ...full), { left: 20, top: 50, width: 580, height: 40 }));
    vi.spyOn(document.documentElement, 'clientWidth', 'get').mockReturnValue(600);
    marks.show(model(finding()));
    layOut();
    expect(buttons()[0]?.style.translate).toBe('128px 80px');
  });

  it('are none for notices, nor for words that the page does not show', () => {
    marks.show(model(finding({ severity: 'notice' })));
    expect(document.querySelector('koban-marks')).toBeNull();
    marks.show(model(finding({ evidence: [{ field: 'message.body', quote: 'ここにない言葉です', marked: [] }] })));
    expect(document.querySelector('koban-marks')).toBeNull();
  });

  it('say of a picture that nobody has looked into it', () => {
    const picture = place(h('img', { src: 'https://cdn.example/a.png' }), { left: 20, top: 90, width: 60, height: 40 });
    document.body.append(picture);
    marks.show(pageModel({ files: { wanted: [], unseen: ['https://cdn.example/a.png'] } }));
    layOut();
    const [mark] = buttons();
    expect([mark?.className, mark?.textContent, mark?.hidden]).toEqual(['place not-checked', '見ていません', false]);
    expect(mark?.style.translate).toMatch(/ 90px$/);
    press(mark);
    expect(card().textContent).toContain('「保存したファイルを選ぶ」で調べられます');
    marks.show(pageModel());
    expect(document.querySelector('koban-marks')).toBeNull();
  });

  it('hide where their sentence is not drawn', () => {
    marks.show(model(finding()));
    place(sentence, { left: 0, top: 0, width: 0, height: 0 });
    layOut();
    expect(buttons()[0]?.hidden).toBe(true);
  });

  it('open their finding, with a way to report it', () => {
    marks.show(model(finding()));
    layOut();
    press(buttons()[0]);
    expect(isOpen()).toBe(true);
    expect(card().textContent).toContain('規約で禁止されています。');
    press(card().querySelector('.report-button'));
    expect(prepare).toHaveBeenCalledWith(expect.objectContaining({ rule: 'direct-contract' }));
  });

  it('open under a pointer that stays, and close when it has left', () => {
    marks.show(model(finding()));
    layOut();
    const [mark] = buttons();
    mark?.dispatchEvent(new Event('pointerenter'));
    expect(isOpen()).toBe(false);
    vi.advanceTimersByTime(120);
    expect(isOpen()).toBe(true);
    mark?.dispatchEvent(new Event('pointerleave'));
    card().dispatchEvent(new Event('pointerenter'));
    vi.advanceTimersByTime(1_000);
    expect(isOpen()).toBe(true);
    card().dispatchEvent(new Event('pointerleave'));
    vi.advanceTimersByTime(250);
    expect(isOpen()).toBe(false);
    mark?.focus();
    next();
    mark?.dispatchEvent(new FocusEvent('focusout', { bubbles: true, relatedTarget: document.body }));
    vi.advanceTimersByTime(250);
    expect(isOpen()).toBe(false);
  });

  it('are gone through by keyboard, from the last to the first', () => {
    const other = place(h('p', {}, '前払いをお願いします'), { left: 20, top: 90, width: 300, height: 20 });
    document.body.append(other);
    const evidence = [{ field: 'message.body', quote: '前払いをお願いします', marked: [] }];
    marks.show(model(finding(), finding({ rule: 'fee-upfront', severity: 'caution', evidence })));
    layOut();
    const [first, second] = buttons();
    next();
    expect(within('koban-marks').activeElement).toBe(first);
    expect(card().textContent).toContain('Alt');
    next();
    expect(within('koban-marks').activeElement).toBe(second);
    next();
    expect(within('koban-marks').activeElement).toBe(first);
    window.dispatchEvent(new KeyboardEvent('keydown', { code: 'KeyK', altKey: true, shiftKey: true }));
    expect(within('koban-marks').activeElement).toBe(first);
  });

  it('follow the page as it changes, and stay the same where nothing of theirs did', async () => {
    marks.show(model(finding()));
    layOut();
    const [mark] = buttons();
    document.body.append(h('p', {}, 'あとから来た文'));
    await Promise.resolve();
    vi.advanceTimersByTime(150);
    expect(buttons()[0]).toBe(mark);
    sentence.remove();
    await Promise.resolve();
    vi.advanceTimersByTime(150);
    expect(buttons()).toEqual([]);
  });

  it('mark the card of a list at its title, also where it scrolls by itself', () => {
    const title = place(h('a', { href: '/public/jobs/1' }, 'ライティングの仕事'), {
      left: 10,
      top: 200,
      width: 100,
      height: 20,
    });
    const item = place(h('li', {}, title), { left: 0, top: 190, width: 400, height: 60 });
    document.body.append(h('ul', {}, item));
    marks.show(model(finding({ subject: 'job', anchor: 'a[href$="/public/jobs/1"]' })));
    layOut();
    const before = buttons()[0]?.style.translate;
    expect(buttons()[0]?.ariaLabel).toContain('ライティングの仕事');
    place(title, { left: 10, top: 400, width: 100, height: 20 });
    item.dispatchEvent(new Event('scroll'));
    layOut();
    expect(buttons()[0]?.style.translate).not.toBe(before);
  });

  it('highlight their words where the browser can, by severity', () => {
    const highlights = new Map<string, unknown>();
    vi.stubGlobal('Highlight', class {});
    vi.stubGlobal('CSS', { highlights });
    marks.show(model(finding()));
    expect([...highlights.keys()]).toEqual(['koban-danger']);
    marks.show(pageModel());
    expect(highlights.size).toBe(0);
  });
});
