import { beforeEach, describe, expect, it, vi } from 'vitest';
import { MOST_FILE_BYTES } from '../api/bounds.generated';
import { Words } from '../i18n/words';
import { h, Root } from '../ui/virtual';
import { FilesAtHand, nameOf } from './files-at-hand';

const words = new Words('ja');
const BRIEF = 'https://store.example/k/brief.pdf';
const TABLE = 'https://store.example/k/table.xlsx';
const giveFile = vi.fn(async (_: string, __: string) => undefined);
let unseen: string[];

const shown = (chooseElsewhere: (() => void) | null = null) => {
  const root = new Root(document.body);
  const draw = () => root.draw(h('main', {}, ...files.entry(unseen, words)));
  const files = new FilesAtHand({ giveFile, chooseElsewhere }, draw);
  draw();
};
const boxes = () => [...document.querySelectorAll<HTMLInputElement>('input[type=file]')];
const choose = (box: HTMLInputElement | undefined, file: File) => {
  Object.defineProperty(box, 'files', { value: [file], configurable: true });
  box?.dispatchEvent(new Event('change'));
};

beforeEach(() => {
  document.body.replaceChildren();
  giveFile.mockClear();
  unseen = [BRIEF, TABLE];
});

describe('files that lie elsewhere', () => {
  it('are chosen one by one, each for the address that the page names', async () => {
    shown();
    expect([...document.querySelectorAll('bdi')].map((name) => name.textContent)).toEqual(['brief.pdf', 'table.xlsx']);
    giveFile.mockImplementationOnce(async () => {
      expect(boxes().every((box) => box.disabled)).toBe(true);
      unseen = [TABLE];
    });
    choose(boxes()[0], new File(['%PDF'], 'saved.pdf'));
    expect(document.body.textContent).toContain('調べています');
    await vi.waitFor(() => expect(boxes().map((box) => box.disabled)).toEqual([false]));
    expect(giveFile).toHaveBeenCalledExactlyOnceWith(BRIEF, btoa('%PDF'));
    expect(document.body.textContent).not.toContain('調べられませんでした');
  });

  it('are said to be unread where Koban does not take them, or is away', async () => {
    shown();
    giveFile.mockRejectedValueOnce(new Error('away'));
    choose(boxes()[1], new File(['x'], 'x.xlsx'));
    await vi.waitFor(() => expect(document.body.textContent).toContain('調べられませんでした'));
    expect(boxes()).toHaveLength(2);
    expect(boxes()[1]?.closest('li')?.textContent).toContain('調べられませんでした');
  });

  it('are not read where they are too large', async () => {
    shown();
    const large = new File([], 'x.pdf');
    Object.defineProperty(large, 'size', { value: MOST_FILE_BYTES + 1 });
    choose(boxes()[0], large);
    await vi.waitFor(() => expect(document.body.textContent).toContain('調べられませんでした'));
    expect(giveFile).not.toHaveBeenCalled();
  });

  it('are chosen in a tab where a popup would close', () => {
    const open = vi.fn();
    shown(open);
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
