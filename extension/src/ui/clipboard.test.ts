import { expect, it, vi } from 'vitest';
import { copied } from './clipboard';

it('copies, and says where the browser refuses', async () => {
  const writeText = vi.fn(() => Promise.resolve());
  vi.stubGlobal('navigator', { clipboard: { writeText } });
  expect(await copied('文')).toBe(true);
  expect(writeText).toHaveBeenCalledWith('文');
  writeText.mockRejectedValueOnce(new DOMException('refused', 'NotAllowedError'));
  expect(await copied('文')).toBe(false);
});
