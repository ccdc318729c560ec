/** The conversation's items in order, each once. Positions have no gaps, so a gap means that something was missed. */

import type { Item } from "./wire.ts";

export class Timeline {
  items: readonly Item[] = [];
  more = false;

  get first(): number {
    return this.items[0]?.position ?? 0;
  }

  get last(): number {
    return this.items.at(-1)?.position ?? 0;
  }

  /**
   * Adds what came after the last item; what is already there is dropped.
   *
   * Returns the items that are new, and whether something before them is missing: then nothing was added.
   */
  append(items: readonly Item[]): { fresh: Item[]; gap: boolean } {
    const fresh: Item[] = [];
    let last = this.last;
    for (const item of [...items].sort((a, b) => a.position - b.position)) {
      if (item.position <= last) continue;
      if (item.position !== last + 1) return { fresh: this.#take(fresh), gap: true };
      fresh.push(item);
      last = item.position;
    }
    return { fresh: this.#take(fresh), gap: false };
  }

  /** Puts an older page before the first item. */
  prepend(items: readonly Item[], more: boolean): void {
    const first = this.first || Number.POSITIVE_INFINITY;
    const older = items.filter((item) => item.position > 0 && item.position < first);
    this.items = [...older.sort((a, b) => a.position - b.position), ...this.items];
    // A page that brings nothing new would be asked for again and again.
    this.more = more && older.length > 0;
  }

  #take(fresh: Item[]): Item[] {
    if (fresh.length) this.items = [...this.items, ...fresh];
    return fresh;
  }
}
