import { beforeEach, describe, expect, it, vi } from 'vitest';
import { MOST_FILE_BYTES } from '../api/bounds.generated';
import { Words } from '../i18n/words';
import { finding, pageVerdict } from '../testing/values';
import { h, Root } from '../ui/virtual';
import { FilesAtHand, nameOf } from './files-at-hand';

const words = new Words('ja');
const BRIEF = 'https://store.example/k/brief.pdf';
const TABLE = 'https://store.example/k/table.xlsx';
const giveFile = vi.fn(async (_: string, __: string) => true);
const withdrawFile = vi.fn(async (_: string) => true);
let unseen: string[];
let shown = pageVerdict();

const drawn = (chooseElsewhere: (() => void) | null = null) => {
  const root = new Root(document.body);
  const draw = () => root.draw(h('main', {}, ...files.entry(unseen, shown, words)));
  const files = new FilesAtHand({ giveFile, withdrawFile, chooseElsewhere }, draw);
  draw();
};
const boxes = () => [...document.querySelectorAll<HTMLInputElement>('input[type=file]')];
const said = () => document.querySelector('[role=status]')?.textContent ?? '';
const undo = () => [...document.querySelectorAll('button')].filter((each) => each.textContent === 'この結果を取り消す');
const choose = (box: HTMLInputElement | undefined, file: File) => {
  Object.defineProperty(box, 'files', { value: [file], configurable: true });
  box?.dispatchEvent(new Event('change'));
};
const read = (url: string, whole = true, warnings = 0) => {
  unseen = unseen.filter((address) => address !== url);
  const place = { field: 'message.attachment.text', quote: '文', marked: [], file: url };
  const findings = Array.from({ length: warnings }, () => finding({ evidence: [place] }));
  shown = pageVerdict({ chosen: [{ url, whole }], findings });
};

beforeEach(() => {
  document.body.replaceChildren();
  giveFile.mockReset().mockResolvedValue(true);
  withdrawFile.mockReset().mockResolvedValue(true);
  unseen = [BRIEF, TABLE];
  shown = pageVerdict();
});

describe('files that lie elsewhere', () => {
  it('are chosen one by one, each for the address that the page names', async () => {
    drawn();
    expect([...document.querySelectorAll('bdi')].map((name) => name.textContent)).toEqual(['brief.pdf', 'table.xlsx']);
    expect(boxes()[0]?.closest('label')?.textContent).toContain('store.example から届いた資料');
    giveFile.mockImplementationOnce(async () => {
      expect(boxes().map((box) => [box.disabled, box.getAttribute('aria-disabled')])).toEqual([
        [false, 'true'],
        [false, 'true'],
      ]);
      const click = new MouseEvent('click', { cancelable: true });
      boxes()[1]?.dispatchEvent(click);
      expect(click.defaultPrevented, 'none is chosen meanwhile').toBe(true);
      read(BRIEF);
      return true;
    });
    choose(boxes()[0], new File(['%PDF'], 'saved.pdf'));
    expect(said()).toBe('「saved.pdf」を、store.example の「brief.pdf」として調べています…');
    await vi.waitFor(() => expect(boxes().map((box) => box.getAttribute('aria-disabled'))).toEqual(['false']));
    expect(giveFile).toHaveBeenCalledExactlyOnceWith(BRIEF, btoa('%PDF'));
  });

  it.each([
    [true, 0, '連絡先など、気になる点は見つかりませんでした。'],
    [true, 2, '警告・お知らせが2件あります。'],
    [
      false,
      0,
      '読めたところには、連絡先など、気になる点は見つかりませんでした。 ○ 未確認：このファイルの一部は読めませんでした。',
    ],
    [false, 1, '警告・お知らせが1件あります。 ○ 未確認：このファイルの一部は読めませんでした。'],
  ])('are answered for in words, by what of them was read (%s) and found (%s)', async (whole, warnings, answer) => {
    drawn();
    giveFile.mockImplementationOnce(async () => {
      read(BRIEF, whole, warnings);
      return true;
    });
    choose(boxes()[0], new File(['%PDF'], 'saved.pdf'));
    await vi.waitFor(() =>
      expect(said()).toBe(`「saved.pdf」を、store.example の「brief.pdf」として読みました：${answer}`),
    );
  });

  it('are not said to hold nothing before their verdict has come, nor where warnings are off', async () => {
    drawn();
    choose(boxes()[0], new File(['%PDF'], 'saved.pdf'));
    await vi.waitFor(() => expect(boxes()[0]?.getAttribute('aria-disabled')).toBe('false'));
    expect(said()).toContain('調べています');
    read(BRIEF);
    shown = { ...shown, verdict: { ...shown.verdict, reason: 'muted' } };
    drawn();
    expect(document.body.textContent).toContain(
      '選んだファイルを、store.example の「brief.pdf」として読みました：いまは警告を',
    );
  });

  it('leave the keyboard with the answer', async () => {
    drawn();
    boxes()[0]?.focus();
    giveFile.mockImplementationOnce(async () => {
      read(BRIEF);
      return true;
    });
    choose(boxes()[0], new File(['%PDF'], 'saved.pdf'));
    await vi.waitFor(() => expect(document.activeElement?.textContent).toContain('として読みました'));
    undo()[0]?.focus();
    withdrawFile.mockImplementationOnce(async () => {
      unseen = [BRIEF, TABLE];
      shown = pageVerdict();
      return true;
    });
    undo()[0]?.click();
    await vi.waitFor(() => expect(document.activeElement?.textContent).toContain('取り消しました'));
    expect(said()).toBe('取り消しました。store.example の「brief.pdf」は、調べていない資料に戻りました。');
    expect(withdrawFile).toHaveBeenCalledExactlyOnceWith(BRIEF);
    expect(undo()).toEqual([]);
  });

  it('are taken back by a later popup too, and said to stay where that fails', async () => {
    read(TABLE);
    drawn(() => undefined);
    expect(document.body.textContent).toContain('選んだファイルを、store.example の「table.xlsx」として読みました');
    withdrawFile.mockRejectedValueOnce(new Error('away'));
    undo()[0]?.click();
    await vi.waitFor(() => expect(said()).toContain('取り消せませんでした'));
    expect(undo()).toHaveLength(1);
  });

  it.each([
    ['Koban does not take them', async () => false],
    ['it is away', async () => Promise.reject(new Error('away'))],
  ])('are said to be unread where %s', async (_, give) => {
    drawn();
    giveFile.mockImplementationOnce(give);
    choose(boxes()[1], new File(['x'], 'x\u202e.xlsx'));
    await vi.waitFor(() =>
      expect(said()).toContain('「x.xlsx」を、store.example の「table.xlsx」として調べられませんでした'),
    );
    expect(boxes()).toHaveLength(2);
  });

  it('are answered for where Koban was slower than anybody waits', async () => {
    drawn();
    giveFile.mockImplementationOnce(async () => {
      read(BRIEF);
      return false;
    });
    choose(boxes()[0], new File(['%PDF'], 'saved.pdf'));
    await vi.waitFor(() => expect(said()).toContain('として読みました'));
  });

  it('are not read where they are too large', async () => {
    drawn();
    const large = new File([], 'x.pdf');
    Object.defineProperty(large, 'size', { value: MOST_FILE_BYTES + 1 });
    choose(boxes()[0], large);
    await vi.waitFor(() => expect(said()).toContain('調べられませんでした'));
    expect(giveFile).not.toHaveBeenCalled();
  });

  it('are chosen in a tab where a popup would close', () => {
    const open = vi.fn();
    drawn(open);
    expect(boxes()).toEqual([]);
    document.querySelector('button')?.click();
    expect(open).toHaveBeenCalledOnce();
  });
});

describe('the name of a file', () => {
  it.each([
    [BRIEF, 'brief.pdf'],
    ['https://store.example/%E8%B3%87%E6%96%99.pdf?x=1', '資料.pdf'],
    ['https://store.example/%E0%A4%A', '%E0%A4%A'],
    ['https://store.example/a%E2%80%AEfdp.exe', 'afdp.exe'],
    ['https://store.example/', 'store.example'],
    [`https://store.example/${'a'.repeat(90)}.pdf`, `…${'a'.repeat(55)}.pdf`],
  ])('%s', (address, name) => {
    expect(nameOf(address)).toBe(name);
  });
});
