import { beforeEach, describe, expect, it, vi } from 'vitest';
import { Words } from '../i18n/words';
import type { KobanState } from '../messages';
import { kobanState, pageModel, pageVerdict, settings } from '../testing/values';
import { h, Root } from '../ui/virtual';
import { FilesAtHand } from './files-at-hand';
import { PicturesInSight, picturesLine, picturesSwitch } from './pictures';

const words = new Words('ja');
const change = vi.fn();
const lookInSight = vi.fn(async (_: readonly string[]) => 0);
const atHand = new FilesAtHand(
  { giveFile: async () => true, withdrawFile: async () => true, chooseElsewhere: null },
  () => undefined,
);
const root = () => new Root(document.body);
const page = pageModel({ shown: pageVerdict({ enclosures: ['https://crowdworks.jp/a.png'] }) });
const drawn = (over: Partial<KobanState>, inSight = new PicturesInSight({ lookInSight }, () => undefined)) => {
  root().draw(h('main', {}, ...picturesLine(kobanState({ page, ...over }), words, change, inSight, atHand)));
  return document.body.textContent ?? '';
};
const buttons = () => [...document.querySelectorAll('button')];

beforeEach(() => {
  document.body.replaceChildren();
  change.mockReset();
});

describe('the line on pictures', () => {
  it('is not there where the page has none that were not looked at', () => {
    expect(drawn({ page: pageModel({ shown: pageVerdict() }) })).toBe('');
    expect(drawn({ page: null })).toBe('');
    expect(drawn({ pictures: null })).toBe('');
  });

  it('says that pictures are not looked at where the extra is not installed', () => {
    expect(drawn({ pictures: 'absent' })).toContain('調べていません');
    expect(buttons()).toEqual([]);
  });

  it('asks once, with what it costs', () => {
    expect(drawn({ pictures: 'off' })).toContain('300MB');
    const [yes, no] = buttons();
    yes?.click();
    expect(change).toHaveBeenLastCalledWith({ pictures: true });
    no?.click();
    expect(change).toHaveBeenLastCalledWith({ pictures: false });
  });

  it('says that they are not looked at to whoever said no, and asks no more', () => {
    expect(drawn({ pictures: 'off', settings: settings({ pictures: false }) })).toContain('調べていません');
    expect(buttons()).toEqual([]);
  });

  it('says how many are still to be looked at, and how many cannot be', () => {
    const on = { pictures: 'on', settings: settings({ pictures: true }) } as const;
    expect(drawn(on)).toContain('1件は、まだ調べていません');
    const unseen = { ...page, files: { wanted: [], unseen: ['https://crowdworks.jp/a.png'] } };
    const shown = drawn({ ...on, page: unseen });
    expect(shown).toContain('○ 未確認：このページの画像・資料のうち1件は、中を見ていません');
    expect(document.querySelector('input[type=file]'), 'a saved file is taken here').not.toBeNull();
    expect(shown).not.toContain('まだ');
  });

  it('keeps the answer on a chosen file where it was the last', () => {
    const shown = pageVerdict({ chosen: [{ url: 'https://crowdworks.jp/a.png', whole: true }] });
    const on = { page: pageModel({ shown }), settings: settings({ pictures: true }) };
    expect(drawn({ ...on, pictures: 'on' })).toContain('crowdworks.jp の「a.png」として読みました');
    expect(drawn({ ...on, pictures: 'off' })).toBe('');
  });

  it('has those in sight looked at when asked, and says where none is', async () => {
    const unseen = ['https://crowdworks.jp/a.png'];
    const on = {
      pictures: 'on',
      settings: settings({ pictures: true }),
      page: { ...page, files: { wanted: [], unseen } },
    };
    const again = () => drawn(on as Partial<KobanState>, inSight);
    const inSight = new PicturesInSight({ lookInSight }, () => void again());
    expect(again()).not.toContain('ありませんでした');
    buttons()[0]?.click();
    expect(lookInSight).toHaveBeenLastCalledWith(unseen);
    expect(buttons()[0]?.getAttribute('aria-disabled')).toBe('true');
    expect(buttons()[0]?.disabled, 'the keyboard stays').toBe(false);
    buttons()[0]?.click();
    expect(lookInSight).toHaveBeenCalledOnce();
    await vi.waitFor(() => expect(document.body.textContent).toContain('ありませんでした'));
    for (const look of [async () => 1, async () => Promise.reject(new Error('not allowed'))]) {
      lookInSight.mockImplementationOnce(look);
      buttons()[0]?.click();
      await vi.waitFor(() => expect(buttons()[0]?.getAttribute('aria-disabled')).toBe('false'));
    }
    expect(document.body.textContent).toContain('ありませんでした');
  });
});

describe('the switch for pictures', () => {
  const shown = (pictures: KobanState['pictures']) => {
    root().draw(h('main', {}, ...picturesSwitch(pictures, settings(), words, change)));
    return document.querySelector<HTMLInputElement>('input');
  };

  it('is off until it was switched on', () => {
    const box = shown('off');
    expect(box?.checked).toBe(false);
    box?.click();
    expect(change).toHaveBeenLastCalledWith({ pictures: true });
  });

  it('is replaced by how to get the extra where that is not installed', () => {
    expect(shown('absent')).toBeNull();
    expect(document.body.textContent).toContain('koban[pictures]');
    expect(shown(null)).toBeNull();
  });
});
