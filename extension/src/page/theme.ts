/** Whether the page itself is dark: its ground decides, since the banner stands in the page and not in the browser. */
export function pageIsDark(): boolean {
  for (const element of [document.body, document.documentElement]) {
    const light = element === null ? null : lightness(getComputedStyle(element).backgroundColor);
    if (light !== null) return light < 0.4;
  }
  // No ground of its own: the browser's, which follows the system only where the page says that it can.
  const schemes = getComputedStyle(document.documentElement).colorScheme;
  return /\bdark\b/.test(schemes) && (!/\blight\b/.test(schemes) || matchMedia('(prefers-color-scheme: dark)').matches);
}

/** Acts whenever the page may have got another ground: it or the system has switched its theme. */
export function onThemeChange(act: () => void): void {
  const grounds = [document.documentElement, document.body].filter((element) => element !== null);
  const observer = new MutationObserver(act);
  for (const element of grounds) {
    observer.observe(element, { attributes: true });
    // A ground that fades has its colour only then.
    element.addEventListener('transitionend', ({ target }) => target === element && act());
  }
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', act);
}

/** From 0 (black) to 1 (white); null for what is mostly transparent or not written as rgb(). */
export function lightness(colour: string): number | null {
  const [red, green, blue, alpha = 1] = (colour.match(/^rgba?\(([^)]+)\)$/)?.[1] ?? '').split(/[\s,/]+/).map(Number);
  if (red === undefined || green === undefined || blue === undefined || Number.isNaN(red) || alpha < 0.5) return null;
  return (0.2126 * red + 0.7152 * green + 0.0722 * blue) / 255;
}
