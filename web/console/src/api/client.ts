/** The one way to the server: JSON in and out, the session's CSRF token, typed errors, patience with 503. */

import { Refused, Unreachable } from "./errors.ts";

export type Query = Readonly<Record<string, string | number | boolean | null | undefined>>;

export interface Options {
  query?: Query;
  signal?: AbortSignal | undefined;
  /** The call may reach the server twice without harm (GET always may): try again when the connection breaks. */
  again?: boolean;
}

/** Pauses before further tries, in milliseconds; the server's Retry-After goes before. */
const PAUSES = [400, 1200, 3000];
const LONGEST_PAUSE = 10_000;
const TIMEOUT = 30_000;

export interface Surroundings {
  fetch: typeof fetch;
  wait: (milliseconds: number) => Promise<void>;
  csrf: () => string;
  /** The session has ended, found out by any call. */
  signedOut: () => void;
}

export class Api {
  readonly #around: Surroundings;
  readonly #base: string;

  constructor(around: Surroundings, base = "/console/api") {
    this.#around = around;
    this.#base = base;
  }

  get<T>(path: string, query: Query = {}, signal?: AbortSignal): Promise<T> {
    return this.#call<T>("GET", path, undefined, { query, signal, again: true });
  }

  /** null is an answer without a body (204). */
  post<T>(path: string, body: unknown = {}, options: Options = {}): Promise<T> {
    return this.#call<T>("POST", path, body, options);
  }

  put<T>(path: string, body: unknown, options: Options = {}): Promise<T> {
    return this.#call<T>("PUT", path, body, { again: true, ...options });
  }

  patch<T>(path: string, body: unknown, options: Options = {}): Promise<T> {
    return this.#call<T>("PATCH", path, body, options);
  }

  delete<T = null>(path: string, body?: unknown, options: Options = {}): Promise<T> {
    return this.#call<T>("DELETE", path, body, { again: true, ...options });
  }

  address(path: string, query: Query = {}): string {
    const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== null && value !== "");
    const search = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
    return this.#base + path + (search ? `?${search}` : "");
  }

  async #call<T>(method: string, path: string, body: unknown, options: Options): Promise<T> {
    const address = this.address(path, options.query);
    for (let tries = 0; ; tries++) {
      const pause = PAUSES[tries];
      try {
        const response = await this.#send(method, address, body, options.signal);
        if (response.ok) return await this.#read<T>(response);
        const refusal = await refusalOf(response);
        // 503: the data base was away; the server says that trying again is safe.
        if (response.status !== 503 || pause === undefined) throw this.#noticed(refusal);
        await this.#around.wait(Math.min(LONGEST_PAUSE, refusal.retryAfter === null ? pause : refusal.retryAfter * 1000));
      } catch (error) {
        if (error instanceof Refused || options.signal?.aborted) throw error;
        if (!options.again || pause === undefined) throw new Unreachable(error);
        await this.#around.wait(pause);
      }
    }
  }

  #send(method: string, address: string, body: unknown, signal?: AbortSignal): Promise<Response> {
    const headers: Record<string, string> = { accept: "application/json" };
    if (method !== "GET") headers["x-csrf-token"] = this.#around.csrf();
    const isForm = typeof FormData !== "undefined" && body instanceof FormData;
    if (body !== undefined && !isForm) headers["content-type"] = "application/json";
    const sent = body === undefined ? null : isForm ? (body as FormData) : JSON.stringify(body);
    const timeout = AbortSignal.timeout(isForm ? TIMEOUT * 4 : TIMEOUT);
    return this.#around.fetch(address, {
      method,
      headers,
      body: sent,
      credentials: "same-origin",
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
    });
  }

  async #read<T>(response: Response): Promise<T> {
    // Half an answer is as good as none: what it throws counts as a broken connection.
    return response.status === 204 ? (null as T) : ((await response.json()) as T);
  }

  #noticed(refusal: Refused): Refused {
    if (refusal.type === "not_signed_in") this.#around.signedOut();
    return refusal;
  }
}

async function refusalOf(response: Response): Promise<Refused> {
  let body: Record<string, unknown> = {};
  try {
    const read = (await response.json()) as { error?: Record<string, unknown> };
    body = { ...read, ...(read.error ?? {}) };
  } catch {
    // A proxy's page instead of the server's JSON: the status has to do.
  }
  const type = typeof body["type"] === "string" ? body["type"] : "unknown";
  const message = typeof body["message"] === "string" ? body["message"] : wordsFor(response.status);
  const id = typeof body["request_id"] === "string" ? body["request_id"] : null;
  const after = Number(response.headers.get("retry-after") ?? Number.NaN);
  return new Refused(response.status, type, message, id, Number.isFinite(after) ? after : null, body);
}

function wordsFor(status: number): string {
  if (status === 403) return "You may not do this.";
  if (status === 404) return "This is not here (any more).";
  if (status === 413) return "That is too large.";
  if (status === 429) return "That was too often. Wait a moment.";
  if (status >= 500) return "The server has a problem. Try again in a moment.";
  return "The server did not accept this.";
}
