import { Playground } from '../../playground/playground';
import { kobanService, subscribe } from '../../rpc/proxy';
import '../../ui/page.css';
import './playground.css';

const service = kobanService();
const playground = new Playground(document.body, { check: (kind, text) => service.checkText(kind, text) });
subscribe(-1, (state) => playground.show(state));
