/**
 * Acts in the next frame, after the browser has laid the page out for it and before it is drawn: what is measured there
 * costs the page nothing. Anywhere else it would have the whole page laid out once more, and before its style sheets
 * have come even for nothing.
 */
export class AfterLayout {
  private readonly observer: ResizeObserver;

  constructor(act: () => void) {
    this.observer = new ResizeObserver(() => {
      this.observer.disconnect();
      act();
    });
  }

  /** Act once, in the next frame; not at all where the page is being written over and has no root. */
  want(): void {
    this.observer.disconnect();
    const { documentElement: root } = document;
    if (root === null) return;
    // An element that begins to be observed is told of in the next frame, whether its size has changed or not.
    this.observer.observe(root);
  }

  forget(): void {
    this.observer.disconnect();
  }
}
