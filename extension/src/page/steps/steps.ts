/** Which control of a marketplace takes the user a step further: by its visible label first, by its place second. */
import type { SiteControls } from '../../api/types';
import sites from './sites.generated.json';

/**
 * The effect of a click: applies to a job, agrees to a contract, delivers work, leaves the site for another contact,
 * or sends what was written.
 */
export type StepKind = 'apply' | 'agree' | 'deliver' | 'outside' | 'send';

export interface Step {
  kind: StepKind;
  control: Element;
  /** The host or scheme that an outside link leads to. */
  where: string;
}

/** From the sites' descriptors (extractors/<site>/site.toml), by `make generate`. */
export const SITES = sites;
const KINDS = ['agree', 'deliver', 'apply'] as const;
const SENDS = ['send'] as const;
type NamedKind = (typeof KINDS)[number] | (typeof SENDS)[number];
const CONTROL =
  'a[href], button, input[type="submit"], input[type="button"], input[type="image"], [role="button"], [role="link"]';
/** A longer text is no label of a button: it only ends like one. */
const LONGEST_LABEL = 30;
/** The site's own links stand there. */
const FRAME = 'header, footer, nav, [role="banner"], [role="contentinfo"], [role="navigation"]';
const IN_PAGE = /^(?:javascript|blob|data|about|file):$/;

/** What a pack says of the site's controls. */
type Packed = SiteControls | null | undefined;

/**
 * The step that a click would take, told from the elements that it passes, innermost first; null for any other click.
 */
export function stepOfClick(path: readonly EventTarget[], page: Location, packed?: Packed): Step | null {
  const control = path.find((target): target is Element => target instanceof Element && target.matches(CONTROL));
  if (control === undefined) return null;
  // What only looks like a button of a form sends nothing.
  const form = isSubmit(control) ? (control as HTMLButtonElement).form : null;
  const stepAmong = (kinds: readonly NamedKind[]) => namedStep(control, form, page, kinds, packed);
  return stepAmong(KINDS) ?? outsideStep(control, page) ?? stepAmong(SENDS);
}

/** The step that sending a form would take. */
export function stepOfForm(
  form: HTMLFormElement,
  submitter: Element | null,
  page: Location,
  packed?: Packed,
): Step | null {
  return namedStep(submitter ?? form, form, page, [...KINDS, ...SENDS], packed);
}

function namedStep(
  control: Element,
  form: HTMLFormElement | null,
  page: Location,
  kinds: readonly NamedKind[],
  packed: Packed,
): Step | null {
  const site = SITES.find((each) => each.hosts.includes(page.hostname));
  if (site === undefined) return null;
  const label = control === form ? '' : labelOf(control);
  const kind = kinds.find((each) => {
    const { labels, selectors } = packed?.steps[each] ?? site[each];
    return (
      (label.length <= LONGEST_LABEL && labels.some((known) => label.endsWith(known))) ||
      selectors.some((selector) => isOf(control, selector) || (form !== null && isOf(form, selector)))
    );
  });
  return kind === undefined ? null : { kind, control, where: '' };
}

/** Whether an element matches a selector; one of a pack may be none to this browser. */
function isOf(element: Element, selector: string): boolean {
  try {
    return element.matches(selector);
  } catch {
    return false;
  }
}

/** A link that leaves the marketplace, from where its users write. */
function outsideStep(control: Element, page: Location): Step | null {
  if (!(control instanceof HTMLAnchorElement) || control.closest(FRAME) !== null) return null;
  const target = outside(control.href, page);
  return target === null ? null : { kind: 'outside', control, where: target.host || target.protocol.replace(':', '') };
}

/** The target of an address outside of the marketplace, also behind an address of its own that only forwards. */
function outside(href: string, page: Location): URL | null {
  const target = URL.canParse(href) ? new URL(href) : null;
  if (target === null || IN_PAGE.test(target.protocol)) return null;
  if (!isOwn(target.hostname, page)) return target;
  const forwardedAddresses = [...target.searchParams.values()].filter(
    (value) => /^https?:/i.test(value) && URL.canParse(value),
  );
  return forwardedAddresses.map((value) => new URL(value)).find(({ hostname }) => !isOwn(hostname, page)) ?? null;
}

function isOwn(host: string, page: Location): boolean {
  const own = SITES.find((each) => each.hosts.includes(page.hostname))?.own ?? [page.hostname];
  return own.some((name) => host === name || host.endsWith(`.${name}`));
}

function isSubmit(control: Element): boolean {
  return (
    (control instanceof HTMLButtonElement || control instanceof HTMLInputElement) &&
    /^(?:submit|image)$/.test(control.type)
  );
}

/** The label of a control, without white space and the arrows that stand around labels. */
function labelOf(control: Element): string {
  const words =
    control instanceof HTMLInputElement
      ? control.value || control.alt
      : control.textContent?.trim() || control.getAttribute('aria-label') || control.querySelector('img')?.alt || '';
  return words.normalize('NFKC').replace(/[\s>›»→▶]+/g, '');
}
