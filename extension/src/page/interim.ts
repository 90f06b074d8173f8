/**
 * The element at the end of a page that came without the proxy's: it says the page's state from the moment that its
 * document is whole until the page has settled, when the banner does. It stands where a parser puts what follows a
 * page, which is where frameworks that take a document over leave what they do not know.
 */
import { endLine } from '../i18n/lines';
import { Words } from '../i18n/words';
import { type PageModel, stateOfPage } from '../messages';
import { warns } from '../states';
import colours from '../ui/colours.css?inline';
import { h, sheet } from '../ui/dom';
import own from './interim.css?inline';
import { OwnNode } from './own-node';

/** At the end of a long page nobody would see a warning. In the element's root, where no script of the page reaches. */
const IN_SIGHT = ':host { position: sticky !important; bottom: 0 !important; z-index: 2147483647 !important; }';

export class Interim {
  private readonly line = h('p');
  private readonly box = h('section', {}, this.line);
  private readonly place = sheet('');
  private readonly node = new OwnNode('koban-verdict', colours + own, this.place, this.box);
  private isPut = false;
  private isOver = false;

  /** Say the state of the page. One that has loaded whole has its banner in a moment, and is left alone. */
  show(model: PageModel): void {
    if (this.isOver || (!this.isPut && !(model.isUntouched && document.readyState === 'interactive'))) return;
    const words = new Words(model.language);
    const { state } = stateOfPage(model);
    this.place.textContent = warns(state) ? IN_SIGHT : '';
    this.box.className = state;
    this.box.lang = model.language;
    this.box.ariaLabel = words.of('bannerName');
    this.line.textContent = endLine(model, words);
    // Once: a page that takes it away has its banner all the same.
    if (!this.isPut) (document.body ?? document.documentElement).append(this.node.host);
    this.isPut = true;
  }

  /** The banner says it now. */
  leave(): void {
    this.isOver = true;
    if (this.isPut) this.node.remove();
  }
}
