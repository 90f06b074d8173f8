import { beforeEach, describe, expect, it, vi } from 'vitest';
import { preparePage, within } from '../testing/page';
import { finding, pageModel, pageVerdict } from '../testing/values';
import { Interim } from './interim';

const PENDING = pageVerdict({ state: 'not-checked', reason: 'pending' });

const line = () => within('koban-verdict').querySelector('p')?.textContent;
const section = () => within('koban-verdict').querySelector('section');
const isInSight = () => within('koban-verdict').querySelectorAll('style')[1]?.textContent?.includes('sticky');

describe('test_speed_1 the element at the end of a page that came without one', () => {
  let state: DocumentReadyState;
  let interim: Interim;

  beforeEach(() => {
    preparePage();
    document.body.append(document.createElement('main'));
    state = 'interactive';
    vi.spyOn(document, 'readyState', 'get').mockImplementation(() => state);
    interim = new Interim();
  });

  const untouched = (shown = PENDING) => pageModel({ isUntouched: true, shown });

  it('says what is known of the page, at its end, and a warning in sight', () => {
    interim.show(untouched());
    expect(document.body.lastElementChild?.localName).toBe('koban-verdict');
    expect(line()).toBe('○ Koban 交番: 未確認（いま確認しています）');
    expect([section()?.className, isInSight()]).toEqual(['not-checked', false]);
    interim.show(untouched(pageVerdict({ findings: [finding()] })));
    expect(document.querySelectorAll('koban-verdict').length).toBe(1);
    expect(line()).toBe('■ Koban 交番: 危険：直接契約の誘いです');
    expect([section()?.className, isInSight()]).toEqual(['danger', true]);
    interim.show(pageModel({ ...untouched(pageVerdict()), health: 'not-running' }));
    expect([section()?.className, isInSight()]).toEqual(['not-checked', false]);
  });

  it('says that a warning is of before the page was loaded again', () => {
    interim.show({ ...untouched(pageVerdict({ findings: [finding()] })), readAgain: true });
    expect(line()).toContain('（読み直しています）');
  });

  it.each(['loading', 'complete'] as const)('is not put into a page that is %s', (readyState) => {
    state = readyState;
    interim.show(untouched());
    expect(document.querySelector('koban-verdict')).toBeNull();
  });

  it('is not put into a page that ends with the proxy’s, or did not pass', () => {
    interim.show(pageModel({ shown: PENDING }));
    interim.show(pageModel());
    expect(document.querySelector('koban-verdict')).toBeNull();
  });

  it('follows the page until the banner says it, and does not come again', () => {
    interim.show(untouched());
    state = 'complete';
    interim.show(untouched(pageVerdict()));
    expect(section()?.className).toBe('clear');
    interim.leave();
    interim.show(untouched());
    expect(document.querySelector('koban-verdict')).toBeNull();
  });

  it('is put once: a page that takes it away has its banner all the same', () => {
    interim.show(untouched());
    document.querySelector('koban-verdict')?.remove();
    interim.show(untouched());
    expect(document.querySelector('koban-verdict')).toBeNull();
    interim.leave();
  });
});
