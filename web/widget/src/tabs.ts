/**
 * All tabs of one website share one conversation: one of them leads (it holds the live stream and sends), chosen by a
 * Web Lock that passes on when it closes, and tells the others. Without Web Locks (a page on plain HTTP) every tab leads.
 */

import type { Key, Typing } from "./backend.ts";
import type { Link } from "./stream.ts";
import type { Conversation, Item } from "./wire.ts";

export type Word =
  | { kind: "items"; id: string; items: Item[] }
  | { kind: "conversation"; conversation: Conversation }
  | { kind: "typing"; typing: Typing }
  | { kind: "seen"; position: number }
  | { kind: "link"; link: Link }
  | { kind: "read"; position: number }
  | { kind: "outbox" } // a message was added, sent or given up
  | { kind: "key"; key: Key | null } // another conversation, or none
  | { kind: "hello" }; // a tab that has just come asks the leader for the link's state

export class Tabs {
  leading = false;
  #channel: BroadcastChannel | null = null;
  #release: (() => void) | null = null;
  #waiting: AbortController | null = null;

  readonly #name: string;
  readonly #heard: (word: Word) => void;
  readonly #lead: (leading: boolean) => void;

  constructor(
    name: string,
    heard: (word: Word) => void,
    lead: (leading: boolean) => void,
  ) {
    this.#name = name;
    this.#heard = heard;
    this.#lead = lead;
  }

  join(): void {
    if (this.#channel) return;
    this.#channel = new BroadcastChannel(this.#name);
    this.#channel.onmessage = (event: MessageEvent<Word>) => this.#heard(event.data);
    if (!navigator.locks) {
      this.#become(true);
      return;
    }
    this.#waiting = new AbortController();
    const held = () =>
      new Promise<void>((release) => {
        this.#release = release;
        this.#become(true);
      });
    navigator.locks.request(this.#name, { signal: this.#waiting.signal }, held).catch(() => undefined);
  }

  /** Also when the page is put into the back-forward cache, where it must hold nothing. */
  leave(): void {
    this.#waiting?.abort();
    this.#become(false);
    this.#release?.();
    this.#release = null;
    this.#channel?.close();
    this.#channel = null;
  }

  tell(word: Word): void {
    this.#channel?.postMessage(word);
  }

  #become(leading: boolean): void {
    if (leading === this.leading) return;
    this.leading = leading;
    this.#lead(leading);
  }
}
