/** A text with the words marked that its findings quote. */
import type { Finding } from '../api/types';
import { type Child, h } from '../ui/virtual';

/** The text in order; what findings quote is in `<mark>`, the words that weigh most where a quote tells them. */
export function markedText(text: string, findings: readonly Finding[]): Child[] {
  const parts: Child[] = [];
  let at = 0;
  for (const [start, end] of united(findings.flatMap((finding) => places(text, finding)))) {
    parts.push(text.slice(at, start), h('mark', {}, text.slice(start, end)));
    at = end;
  }
  return [...parts, text.slice(at)].filter((part) => part !== '');
}

type Place = readonly [start: number, end: number];

function places(text: string, { evidence }: Finding): Place[] {
  return evidence.flatMap(({ quote, marked }) => {
    const start = quote === '' ? -1 : text.indexOf(quote);
    if (start < 0) return [];
    if (marked === undefined || marked.length === 0) return [[start, start + quote.length] as const];
    // Counted in code points, as Python counts.
    const characters = [...quote];
    const units = (count: number) => characters.slice(0, count).join('').length;
    return marked.map(([from, to]) => [start + units(from), start + units(to)] as const);
  });
}

/** In order, with those that meet as one. */
function united(unsorted: readonly Place[]): Place[] {
  const places: Place[] = [];
  for (const [start, end] of [...unsorted].sort(([one], [other]) => one - other)) {
    const last = places.at(-1);
    if (last !== undefined && start <= last[1]) places[places.length - 1] = [last[0], Math.max(last[1], end)];
    else places.push([start, end]);
  }
  return places;
}
