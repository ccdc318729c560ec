/**
 * Keeps one live stream open: connects again with growing pauses, at once when the network or the computer comes back,
 * and treats a stream that has been silent for too long as dead.
 */

import { asFailure, type Sink } from "./backend.ts";

/** `connecting` is the first try after a loss, which is worth no words yet. */
export type Link = "ok" | "connecting" | "offline" | "down";

export interface StreamHooks {
  link(link: Link): void;
  /** The token is not taken any more; the stream has stopped. */
  rejected(): void;
}

type Follow = (sink: Sink, signal: AbortSignal) => Promise<void>;
type Ears = Omit<Sink, "opened" | "beat">;

const SILENCE = 40_000; // the server says something every 15 s
const SUSPICIOUS = 20_000;
const TICK = 5_000;
const SLEPT = 3 * TICK;
const LONGEST_PAUSE = 30_000;

export const pause = (failures: number, random = Math.random()): number =>
  Math.min(LONGEST_PAUSE, 500 * 2 ** failures) * (0.5 + random / 2);

export class Stream {
  #abort: AbortController | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #ticker: ReturnType<typeof setInterval> | undefined;
  #failures = 0;
  #heard = 0;
  #ticked = 0;
  #running = false;

  readonly #follow: Follow;
  readonly #ears: Ears;
  readonly #hooks: StreamHooks;
  readonly #now: () => number = Date.now;

  constructor(
    follow: Follow,
    ears: Ears,
    hooks: StreamHooks,
    now: () => number = Date.now,
  ) {
    this.#follow = follow;
    this.#ears = ears;
    this.#hooks = hooks;
    this.#now = now;
  }

  start(): void {
    if (this.#running) return;
    this.#running = true;
    this.#ticked = this.#now();
    this.#ticker = setInterval(() => this.#tick(), TICK);
    void this.#connect();
  }

  stop(): void {
    this.#running = false;
    clearInterval(this.#ticker);
    clearTimeout(this.#timer);
    this.#abort?.abort();
    this.#abort = null;
  }

  /** Something says that the world has changed: the network is back, the page is looked at again. */
  wake(): void {
    if (!this.#running) return;
    if (this.#abort && this.#now() - this.#heard < SUSPICIOUS) return;
    this.#failures = 0;
    void this.#connect();
  }

  /** The network is gone, says the browser: no need to wait for the silence to tell. */
  lost(): void {
    if (!this.#running) return;
    this.#abort?.abort();
    this.#abort = null;
    clearTimeout(this.#timer);
    this.#hooks.link("offline");
    this.#timer = setTimeout(() => void this.#connect(), LONGEST_PAUSE); // browsers have been wrong about it
  }

  #tick(): void {
    const slept = this.#now() - this.#ticked > SLEPT; // the clock has gone on, timers have not
    this.#ticked = this.#now();
    if (!this.#abort || this.#now() - this.#heard <= SILENCE) return;
    if (!slept) this.#failures = Math.max(2, this.#failures + 1); // it takes connections and says nothing: worth words
    void this.#connect();
  }

  async #connect(): Promise<void> {
    clearTimeout(this.#timer);
    this.#abort?.abort();
    const abort = new AbortController();
    this.#abort = abort;
    this.#heard = this.#now();
    const mine = () => this.#abort === abort;
    this.#hooks.link(this.#failures > 1 ? "down" : "connecting");
    try {
      await this.#follow(this.#sink(mine), abort.signal);
      if (mine()) this.#again(0);
    } catch (error) {
      if (!mine()) return;
      const { kind, retryAfter } = asFailure(error);
      if (kind === "token") {
        this.stop();
        this.#hooks.rejected();
      } else this.#again(retryAfter);
    }
  }

  #again(retryAfter: number): void {
    this.#abort?.abort();
    this.#abort = null;
    const wait = Math.max(retryAfter * 1000, this.#failures ? pause(this.#failures) : 200);
    this.#failures += 1;
    this.#hooks.link(navigator.onLine === false ? "offline" : this.#failures > 1 ? "down" : "connecting");
    this.#timer = setTimeout(() => void this.#connect(), wait);
  }

  #sink(mine: () => boolean): Sink {
    const when = <A>(act: (argument: A) => void) => (argument: A): void => {
      if (mine()) act(argument);
    };
    return {
      opened: () => {
        if (!mine()) return;
        this.#heard = this.#now();
        this.#hooks.link("ok");
      },
      beat: () => {
        if (!mine()) return;
        this.#heard = this.#now();
        this.#failures = 0; // only a stream that speaks is a good one
      },
      item: when(this.#ears.item),
      conversation: when(this.#ears.conversation),
      typing: when(this.#ears.typing),
      seen: when(this.#ears.seen),
    };
  }
}
