import { ofHash } from '../../history/about';
import { reportPage } from '../../history/report';
import { Words } from '../../i18n/words';
import { filesOf, kobanService } from '../../rpc/proxy';
import { save } from '../../ui/save';
import { Root } from '../../ui/virtual';
import '../../ui/page.css';
import './report.css';
import '../../ui/report.css';

async function main(): Promise<void> {
  const service = kobanService();
  const words = new Words(await service.language());
  document.documentElement.lang = words.language;
  document.title = words.of('reportTitle');
  const actions = {
    sheet: (...args: Parameters<typeof service.sheet>) => service.sheet(...args),
    bundle: filesOf(service).bundle,
    save,
  };
  new Root(document.body).draw(reportPage(ofHash(location.hash), words, actions));
}

void main();
