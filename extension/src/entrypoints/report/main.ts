import { ofHash } from '../../history/about';
import { prepare } from '../../history/report';
import { Words } from '../../i18n/words';
import { filesOf, kobanService } from '../../rpc/proxy';
import { h } from '../../ui/dom';
import { save } from '../../ui/save';

async function main(): Promise<void> {
  const service = kobanService();
  const words = new Words(await service.language());
  const place = h('div', { class: 'report', role: 'status' });
  document.documentElement.lang = words.language;
  document.title = words.of('reportTitle');
  document.body.append(h('main', {}, h('h1', {}, words.of('reportTitle')), place));
  const about = ofHash(location.hash);
  const sheet = (...args: Parameters<typeof service.sheet>) => service.sheet(...args);
  if (about !== null) await prepare(place, about, words, { sheet, bundle: filesOf(service).bundle, save });
}

void main();
