import { Words } from '../../i18n/words';
import { kobanService } from '../../rpc/proxy';
import { Replacing } from '../../welcome/replacing';

async function main(): Promise<void> {
  const id = location.hash.slice(1);
  const service = kobanService();
  const words = new Words(await service.language());
  new Replacing(document.body, words, await service.offeredLink(id), () => service.acceptLink(id));
}

void main();
