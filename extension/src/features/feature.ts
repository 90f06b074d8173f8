/** A part of what Koban does in a marketplace's page: a file of its own that knows where it runs and how it starts. */
import type { FromPage, PageModel } from '../messages';
import { whenSettled } from '../page/settled';

export interface FeatureContext {
  /** Tell the background. */
  send(message: FromPage): void;
}

/** Follow the page's model, which comes again with each change. */
export type Show = (model: PageModel) => void;

export interface Feature {
  readonly id: string;
  /** `page`: in the page itself. `frames`: in frames of its site as well, where one may write. */
  readonly include: 'page' | 'frames';
  /** It puts elements into the page, and so waits until the page has settled. */
  readonly adds: boolean;
  /** It is shown each model before all others: what is written is asked about before what the page says of its client. */
  readonly comesFirst?: true;
  /** Called once, when there is something to show. */
  init(context: FeatureContext): Show;
}

/** The result of a part of a feature; null where it fails, which is to take no other feature with it. */
function attempt<Result>({ id }: Feature, part: () => Result): Result | null {
  try {
    return part();
  } catch (error) {
    console.error(`Koban: ${id}`, error);
    return null;
  }
}

/** Start a feature. What it returns fails as little as that does. */
function start(feature: Feature, context: FeatureContext): Show {
  const show = attempt(feature, () => feature.init(context));
  return (model) => attempt(feature, () => show?.(model));
}

/** Start the features of the page itself, in their order. `onSettle` is called before any adds to the page. */
export function startInPage(features: readonly Feature[], context: FeatureContext, onSettle: () => void): Show {
  const parts = features.map((feature) => ({ adds: feature.adds, show: start(feature, context) }));
  let last: PageModel | null = null;
  let isSettled = false;
  const showAdding = (model: PageModel) => {
    for (const { adds, show } of parts) if (adds) show(model);
  };
  whenSettled(() => {
    isSettled = true;
    onSettle();
    if (last !== null) showAdding(last);
  });
  return (model) => {
    last = model;
    for (const { adds, show } of parts) if (!adds) show(model);
    if (isSettled) showAdding(model);
  };
}

/** Start the features of a frame: what is written in it is looked at there, and all else is its page's. */
export function startInFrame(features: readonly Feature[], context: FeatureContext): Show {
  const shows = features.filter(({ include }) => include === 'frames').map((feature) => start(feature, context));
  return (model) => {
    for (const show of shows) show(model);
  };
}
