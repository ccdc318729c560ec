/** Sends what waits in the outbox, one at a time and in order, until the server has confirmed it. */

import { asFailure } from "./backend.ts";
import type { Outbox, Waiting } from "./outbox.ts";
import { pause } from "./stream.ts";

export interface SenderHooks {
  /** Hands one message to the server. */
  send(waiting: Waiting): Promise<void>;
  changed(): void;
  /** The conversation is gone: what waits belongs to the next one. Returns whether sending may go on. */
  lost(): Promise<boolean>;
  /** Nothing comes through at the moment, or it does again. */
  stuck(stuck: boolean): void;
  /** Whether a message whose answer was lost may be sent again. */
  resends: boolean;
}

export class Sender {
  #busy = false;
  #again = false;
  #failures = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #stopped = true;

  readonly #outbox: Outbox;
  readonly #hooks: SenderHooks;

  constructor(
    outbox: Outbox,
    hooks: SenderHooks,
  ) {
    this.#outbox = outbox;
    this.#hooks = hooks;
  }

  start(): void {
    this.#stopped = false;
    this.kick();
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  /** Something was added, or the way to the server may be free again. */
  kick(): void {
    clearTimeout(this.#timer);
    if (this.#stopped) return;
    if (this.#busy) this.#again = true;
    else void this.#run();
  }

  async #run(): Promise<void> {
    this.#busy = true;
    try {
      do {
        this.#again = false;
        for (let next = this.#outbox.next(); next && !this.#stopped; next = this.#outbox.next()) {
          if (!(await this.#deliver(next))) return;
        }
      } while (this.#again);
    } finally {
      this.#busy = false;
    }
  }

  /** Whether the next message may follow at once. */
  async #deliver(waiting: Waiting): Promise<boolean> {
    const id = waiting.message.client_id;
    try {
      await this.#hooks.send(waiting);
      this.#failures = 0;
      this.#hooks.stuck(false);
      this.#outbox.remove(id);
      this.#hooks.changed();
      return true;
    } catch (error) {
      const { kind, retryAfter } = asFailure(error);
      if ((kind === "token" || kind === "closed") && this.#failures < 3) {
        this.#failures += 1;
        return this.#hooks.lost();
      }
      if (kind === "refused" || (kind !== "busy" && !this.#hooks.resends)) {
        this.#outbox.mark(id, true);
        this.#hooks.changed();
        return true;
      }
      this.#failures += 1;
      this.#hooks.stuck(true);
      this.#timer = setTimeout(() => this.kick(), Math.max(retryAfter * 1000, pause(this.#failures)));
      return false;
    }
  }
}
