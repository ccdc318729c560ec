/** What the page may listen to. A listener that throws is the page's own trouble, not the customer's. */

import type { Speaker } from "./wire.ts";

export interface ChatEvents {
  open: undefined;
  close: undefined;
  message: { speaker: Speaker; name: string | null; text: string };
  sent: { text: string };
  unread: { count: number };
  state: { state: "none" | "bot" | "queued" | "agent" | "closed" };
  error: { message: string };
}

type Listener<K extends keyof ChatEvents> = (detail: ChatEvents[K]) => void;

export class Emitter {
  readonly #listeners = new Map<string, Set<(detail: never) => void>>();

  on<K extends keyof ChatEvents>(event: K, listener: Listener<K>): void {
    const set = this.#listeners.get(event) ?? new Set();
    this.#listeners.set(event, set.add(listener));
  }

  off<K extends keyof ChatEvents>(event: K, listener: Listener<K>): void {
    this.#listeners.get(event)?.delete(listener);
  }

  emit<K extends keyof ChatEvents>(event: K, detail: ChatEvents[K]): void {
    for (const listener of [...(this.#listeners.get(event) ?? [])]) {
      try {
        listener(detail as never);
      } catch (error) {
        console.error("[frontdesk] a listener failed:", error);
      }
    }
  }
}
