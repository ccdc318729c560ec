/** The console's one event stream. While it is broken everything else goes on; when it is back, what may be old is loaded. */

import { EventStreamParser } from "../../../../widget/src/sse.ts";
import { connection } from "../../shell/connection.ts";

export interface Hooks {
  event(name: string, data: unknown): void;
  /** The stream stands; `again`: after a loss, so events were missed. */
  opened(again: boolean): void;
  /** The session has ended. */
  rejected(): void;
}

export interface Means {
  fetch: typeof fetch;
  now: () => number;
  random: () => number;
}

const SILENCE = 45_000; // the server says something every 15 s
const TICK = 5_000;
const LONGEST_PAUSE = 30_000;
/** How many failures in a row before it is put into words. */
const WORTH_WORDS = 2;

export const pauseAfter = (failures: number, random: number): number =>
  Math.min(LONGEST_PAUSE, 500 * 2 ** Math.min(failures, 10)) * (0.5 + random / 2);

export class Live {
  #abort: AbortController | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #ticker: ReturnType<typeof setInterval> | undefined;
  #failures = 0;
  #heard = 0;
  #was = false;
  #running = false;
  readonly #address: string;
  readonly #hooks: Hooks;
  readonly #means: Means;

  constructor(address: string, hooks: Hooks, means: Means) {
    this.#address = address;
    this.#hooks = hooks;
    this.#means = means;
  }

  start(): void {
    this.#running = true;
    this.#ticker = setInterval(() => this.#tick(), TICK);
    addEventListener("online", this.wake);
    addEventListener("offline", this.lost);
    document.addEventListener("visibilitychange", this.wake);
    void this.#connect();
  }

  stop(): void {
    this.#running = false;
    clearInterval(this.#ticker);
    clearTimeout(this.#timer);
    removeEventListener("online", this.wake);
    removeEventListener("offline", this.lost);
    document.removeEventListener("visibilitychange", this.wake);
    this.#abort?.abort();
    this.#abort = null;
    connection.value = "off";
  }

  /** The network is back, or the page is looked at again: do not wait for the pause to end. */
  readonly wake = (): void => {
    if (!this.#running || document.hidden || this.#abort) return;
    void this.#connect();
  };

  /** The browser knows that there is no network. */
  readonly lost = (): void => {
    this.#abort?.abort();
    connection.value = "lost";
  };

  async #connect(): Promise<void> {
    clearTimeout(this.#timer);
    const abort = new AbortController();
    this.#abort = abort;
    this.#heard = this.#means.now();
    try {
      const headers = { accept: "text/event-stream" };
      const response = await this.#means.fetch(this.#address, { headers, credentials: "same-origin", signal: abort.signal });
      if (response.status === 401) {
        this.stop();
        this.#hooks.rejected();
        return;
      }
      if (!response.ok || !response.body) throw new Error(`status ${response.status}`);
      this.#opened();
      await this.#read(response.body);
    } catch {
      // Whatever broke it, the way on is the same.
    }
    if (this.#abort === abort) this.#abort = null;
    this.#retry();
  }

  #opened(): void {
    const again = this.#was;
    this.#failures = 0;
    this.#was = true;
    connection.value = "ok";
    this.#hooks.opened(again);
  }

  async #read(body: ReadableStream<Uint8Array>): Promise<void> {
    const parser = new EventStreamParser();
    const decoder = new TextDecoder();
    const reader = body.getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      this.#heard = this.#means.now();
      for (const { event, data } of parser.push(decoder.decode(value, { stream: true }))) this.#tell(event, data);
    }
  }

  /** One event that cannot be understood must not end the stream, or it would end it again and again. */
  #tell(event: string, data: string): void {
    try {
      this.#hooks.event(event, JSON.parse(data));
    } catch (error) {
      reportError(error);
    }
  }

  #retry(): void {
    if (!this.#running) return;
    this.#failures++;
    connection.value = this.#failures >= WORTH_WORDS || !navigator.onLine ? "lost" : "connecting";
    this.#timer = setTimeout(() => void this.#connect(), pauseAfter(this.#failures, this.#means.random()));
  }

  #tick(): void {
    if (this.#abort && this.#means.now() - this.#heard > SILENCE) this.#abort.abort();
  }
}
