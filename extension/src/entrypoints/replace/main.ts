import { Words } from '../../i18n/words';
import { kobanService } from '../../rpc/proxy';
import { Root } from '../../ui/virtual';
import { replacingPage } from '../../welcome/replacing';
import '../../ui/page.css';
import './replace.css';

async function main(): Promise<void> {
  const id = location.hash.slice(1);
  const service = kobanService();
  const words = new Words(await service.language());
  document.documentElement.lang = words.language;
  document.title = words.of('replaceTitle');
  const link = await service.offeredLink(id);
  new Root(document.body).draw(replacingPage({ words, offered: link, replace: () => service.acceptLink(id) }));
}

void main();
