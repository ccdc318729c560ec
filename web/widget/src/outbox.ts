/**
 * Messages that the server has not confirmed. Each lies in the storage under a key of its own that sorts by time, so
 * several tabs may add at once, a reload forgets none, and one tab sends them in order.
 */

import type { Shelf } from "./shelf.ts";
import type { Attachment, Outgoing } from "./wire.ts";

export interface Waiting {
  message: Outgoing;
  files: Attachment[];
  at: string;
  /** The server refused it, or nobody can say whether it arrived: the customer decides. */
  failed: boolean;
}

const START = "out:";

export class Outbox {
  #latest = 0;

  readonly #shelf: Shelf;
  readonly #now: () => number = Date.now;

  constructor(
    shelf: Shelf,
    now: () => number = Date.now,
  ) {
    this.#shelf = shelf;
    this.#now = now;
  }

  add(message: Outgoing, files: Attachment[]): void {
    // Never the same or an earlier stamp, even when the clock stands still or is put back.
    const last = Number.parseInt(this.#shelf.names(START).at(-1)?.slice(START.length) ?? "0", 10);
    this.#latest = Math.max(this.#now(), this.#latest + 1, last + 1);
    const at = new Date(this.#now()).toISOString();
    this.#shelf.set(`${START}${this.#latest}:${message.client_id}`, { message, files, at, failed: false } satisfies Waiting);
  }

  all(): Waiting[] {
    return this.#shelf.names(START).flatMap((name) => this.#shelf.get<Waiting>(name) ?? []);
  }

  next(): Waiting | null {
    return this.all().find((waiting) => !waiting.failed) ?? null;
  }

  remove(clientId: string): void {
    const name = this.#name(clientId);
    if (name) this.#shelf.remove(name);
  }

  /** Mark as failed, or as to be tried again in its old place. */
  mark(clientId: string, failed: boolean): void {
    const name = this.#name(clientId);
    const waiting = name && this.#shelf.get<Waiting>(name);
    if (name && waiting) this.#shelf.set(name, { ...waiting, failed });
  }

  clear(): void {
    for (const name of this.#shelf.names(START)) this.#shelf.remove(name);
  }

  #name(clientId: string): string | undefined {
    return this.#shelf.names(START).find((name) => name.endsWith(`:${clientId}`));
  }
}
