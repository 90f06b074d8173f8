/** Limits how often Koban redoes what a page undoes, so that the page stays usable. */

const WINDOW_MS = 10_000;
const MOST_TURNS = 20;

export class ReinsertLimit {
  private turns: number[] = [];

  constructor(private readonly most = MOST_TURNS) {}

  /** Whether one more turn may be taken now; it counts as taken. */
  turn(): boolean {
    const now = Date.now();
    this.turns = this.turns.filter((time) => now - time < WINDOW_MS);
    if (this.turns.length >= this.most) return false;
    this.turns.push(now);
    return true;
  }

  /** After which turns may be taken again. */
  static readonly pause = WINDOW_MS;
}
