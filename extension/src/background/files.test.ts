import { beforeEach, describe, expect, it, vi } from 'vitest';
import { PAGE, pageVerdict, status } from '../testing/values';
import type { Connection } from './connection';
import { Files } from './files';
import type { PageView } from './page';
import type { Verdicts } from './verdicts';

const [ONE, OTHER] = ['https://cdn.example/a.png', 'https://cdn.example/b.png'];

describe('Files', () => {
  const page: PageView = { tabId: 1, url: PAGE, since: 0, show: () => undefined };
  const enclose = vi.fn<(page: string, url: string, data: string, chosen: boolean) => Promise<boolean>>();
  const withdraw = vi.fn<(url: string) => Promise<void>>();
  const changed = vi.fn();
  let connection: { status: ReturnType<typeof status> | null; api: object | null };
  let enclosures: string[];
  let files: Files;

  beforeEach(() => {
    enclose.mockReset().mockResolvedValue(true);
    changed.mockReset();
    connection = { status: status(), api: { enclose, withdraw } };
    enclosures = [ONE, OTHER];
    const verdicts = { of: () => pageVerdict({ enclosures }) } as unknown as Verdicts;
    files = new Files(connection as unknown as Connection, verdicts, changed);
  });

  it('wants the files of a page that nobody has looked into, where the user does', () => {
    expect(files.of(page)).toEqual({ wanted: [ONE, OTHER], unseen: [] });
    connection.status = status({ pictures: 'off' });
    expect(files.of(page)).toEqual({ wanted: [], unseen: [] });
    connection.status = null;
    expect(files.of(page)).toEqual({ wanted: [], unseen: [] });
  });

  it('has Koban look into what the page has read, and wants it no more', async () => {
    await files.take(page, ONE, 'YWJj');
    expect(enclose).toHaveBeenCalledExactlyOnceWith(PAGE, ONE, 'YWJj', false);
    expect(files.of(page)).toEqual({ wanted: [OTHER], unseen: [] });
    expect(changed).toHaveBeenCalledWith(page);
    await files.take(page, ONE, 'YWJj');
    expect(enclose).toHaveBeenCalledOnce();
  });

  it.each([
    ['that the page could not read', null],
    ['that Koban did not understand', 'YWJj'],
  ])('says of a file %s that it was not seen, until it is', async (_, data) => {
    enclose.mockResolvedValueOnce(data === null);
    await files.take(page, ONE, data);
    expect(files.of(page)).toEqual({ wanted: [OTHER], unseen: [ONE] });
    enclose.mockResolvedValue(true);
    await files.take(page, ONE, 'ZGVm');
    enclosures = [OTHER];
    expect(files.of(page)).toEqual({ wanted: [OTHER], unseen: [] });
  });

  it('takes what the user chose, and takes it back', async () => {
    withdraw.mockReset().mockResolvedValue(undefined);
    expect(await files.take(page, ONE, 'YWJj', true)).toBe(true);
    expect(enclose).toHaveBeenCalledExactlyOnceWith(PAGE, ONE, 'YWJj', true);
    enclosures = [OTHER];
    expect(await files.withdraw(page, ONE)).toBe(true);
    expect(withdraw).toHaveBeenCalledExactlyOnceWith(ONE);
    enclosures = [ONE, OTHER];
    expect(files.of(page), 'it is not asked of the page').toEqual({ wanted: [OTHER], unseen: [ONE] });
    expect(await files.take(page, ONE, 'ZGVm', true), 'another may be chosen').toBe(true);
    withdraw.mockRejectedValueOnce(new Error('away'));
    expect(await files.withdraw(page, ONE)).toBe(false);
    connection.api = null;
    expect(await files.withdraw(page, ONE)).toBe(false);
    expect(await files.take(page, OTHER, 'ZGVm', true)).toBe(false);
  });

  it('goes on where a page was closed while Koban opened its file', async () => {
    changed.mockImplementationOnce(() => {
      throw new Error('Attempting to use a disconnected port object');
    });
    await expect(files.take(page, ONE, 'YWJj')).rejects.toThrow();
    await files.take(page, OTHER, 'YWJj');
    expect(enclose).toHaveBeenCalledTimes(2);
  });

  it('says at once what is out of reach, also while Koban opens another', async () => {
    enclose.mockReturnValueOnce(new Promise(() => undefined));
    void files.take(page, ONE, 'YWJj');
    await files.take(page, OTHER, null);
    expect(files.of(page).unseen).toEqual([OTHER]);
  });

  it('gives Koban nothing that no verdict names', async () => {
    await files.take(page, 'https://cdn.example/c.png', 'YWJj');
    expect(enclose).not.toHaveBeenCalled();
  });

  it('goes on where Koban does not answer', async () => {
    enclose.mockRejectedValueOnce(new Error('gone'));
    await Promise.all([files.take(page, ONE, 'YWJj'), files.take(page, OTHER, 'YWJj')]);
    expect(files.of(page)).toEqual({ wanted: [], unseen: [ONE] });
  });
});
