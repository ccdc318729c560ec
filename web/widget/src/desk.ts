/** The gateway's customer API. The token travels in a header, never in an address. */

import { type Backend, failure, type Key, type Page, type Sink, type Started, type Trouble } from "./backend.ts";
import { attachment, config, readAs, readConversation, readItem, readItems } from "./reading.ts";
import { EventStreamParser } from "./sse.ts";
import type { Attachment, Config, Conversation, Item, Outgoing, PageContext } from "./wire.ts";

const PATIENCE = 15_000;
const UPLOAD_PATIENCE = 120_000;
const PAGE = 30;

interface Call {
  body?: unknown;
  key?: Key;
  patience?: number;
}

export class Desk implements Backend {
  readonly resends = true;

  readonly #base: string;

  constructor(base: string) {
    this.#base = base;
  }

  async config(): Promise<Config> {
    return readAs(config, await this.#json("GET", "/v1/config"));
  }

  async start(locale: string, page: PageContext, identity: string | null): Promise<Started> {
    const body = { locale, page, ...(identity ? { identity } : {}) };
    const answer = await this.#json("POST", "/v1/conversations", { body });
    const conversation = readConversation(answer.conversation);
    return { key: { id: conversation.id, token: String(answer.token) }, conversation };
  }

  conversation = (key: Key) => this.#state("GET", key, "");
  identify = (key: Key, identity: string) => this.#state("POST", key, "/identify", { identity });
  person = (key: Key) => this.#state("POST", key, "/person", {});
  stopWaiting = (key: Key) => this.#state("DELETE", key, "/person");
  end = (key: Key) => this.#state("POST", key, "/end", {});

  async send(key: Key, body: Outgoing): Promise<Item> {
    return readItem((await this.#json("POST", path(key, "/messages"), { key, body })).item);
  }

  before = (key: Key, position: number) => this.#page(key, `before=${position}`);
  after = (key: Key, position: number) => this.#page(key, `after=${position}`);

  async follow(key: Key, after: number, sink: Sink, signal: AbortSignal): Promise<void> {
    const headers = { ...bearer(key), Accept: "text/event-stream", "Last-Event-ID": String(after) };
    const answer = await this.#fetch(path(key, "/events"), { headers, signal, cache: "no-store" });
    if (!answer.body) throw failure("broken", "no stream");
    sink.opened();
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    const parser = new EventStreamParser();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      sink.beat();
      for (const { event, data } of parser.push(value)) deliver(event, parsed(data), sink);
    }
  }

  typing = (key: Key, on: boolean) => this.#done("/typing", key, { on });
  read = (key: Key, position: number) => this.#done("/read", key, { position });
  contact = (key: Key, email: string) => this.#done("/contact", key, { email });
  rate = (key: Key, score: number, comment: string) =>
    this.#done("/rating", key, { score, ...(comment ? { comment } : {}) });

  async attach(key: Key, file: File): Promise<Attachment> {
    const body = new FormData();
    body.append("file", file);
    return readAs(attachment, await this.#json("POST", path(key, "/attachments"), { key, body, patience: UPLOAD_PATIENCE }));
  }

  async fetchFile(key: Key, attachment: Attachment): Promise<Blob> {
    return this.#blob(key, `/attachments/${encodeURIComponent(attachment.id)}`);
  }

  transcript = (key: Key) => this.#blob(key, "/transcript?format=text");

  async erase(key: Key): Promise<string> {
    return String((await this.#json("DELETE", path(key, ""), { key })).receipt ?? "");
  }

  async #page(key: Key, which: string): Promise<Page> {
    const answer = await this.#json("GET", path(key, `/timeline?${which}&limit=${PAGE}`), { key });
    return { items: readItems(answer.items), more: answer.more === true };
  }

  async #state(method: string, key: Key, rest: string, body?: unknown): Promise<Conversation> {
    return readConversation(await this.#json(method, path(key, rest), { key, body }));
  }

  async #done(rest: string, key: Key, body: unknown): Promise<void> {
    await this.#call("POST", path(key, rest), { key, body });
  }

  async #blob(key: Key, rest: string): Promise<Blob> {
    return (await this.#call("GET", path(key, rest), { key, patience: UPLOAD_PATIENCE })).blob();
  }

  async #json(method: string, path: string, call: Call = {}): Promise<Record<string, unknown>> {
    const answer = await this.#call(method, path, call);
    return answer.json().catch(() => {
      throw failure("network", "the answer broke off");
    });
  }

  #call(method: string, path: string, { body, key, patience = PATIENCE }: Call): Promise<Response> {
    const headers: Record<string, string> = key ? bearer(key) : {};
    const init: RequestInit = { method, headers, signal: AbortSignal.timeout(patience), cache: "no-store" };
    if (body instanceof FormData) init.body = body;
    else if (body !== undefined) {
      headers["Content-Type"] = "application/json";
      init.body = JSON.stringify(body);
    }
    return this.#fetch(path, init);
  }

  async #fetch(path: string, init: RequestInit): Promise<Response> {
    const answer = await fetch(this.#base + path, { ...init, credentials: "omit" }).catch((error: unknown) => {
      throw failure("network", String(error));
    });
    if (answer.ok) return answer;
    const { error = {} } = await answer.json().catch(() => ({}));
    throw failure(
      kindOf(answer.status, error.type),
      String(error.message ?? ""),
      Number(answer.headers.get("Retry-After")) || 0,
    );
  }
}

function kindOf(status: number, type: unknown): Trouble {
  const named = String(type);
  // A host site's bad signature is no reason to give the conversation up, nor is a file that is gone.
  if ((status === 401 && !named.includes("identity")) || (status === 404 && named.includes("conversation"))) return "token";
  if (status === 408 || status === 429 || status === 503) return "busy";
  if (status === 409 && named === "conversation_closed") return "closed";
  if (status === 409 && named === "another_customer") return "another";
  return status < 500 ? "refused" : "broken";
}

/** What cannot be read is left out: the gap in the positions shows it, and the timeline fills it. */
function parsed(data: string): Record<string, unknown> {
  try {
    const found: unknown = JSON.parse(data);
    return found !== null && typeof found === "object" ? (found as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

function deliver(event: string, data: Record<string, unknown>, sink: Sink): void {
  if (event === "item") sink.item(readItem(data));
  else if (event === "conversation") sink.conversation(readConversation(data));
  else if (event === "read" && data.speaker !== "customer") sink.seen(Number(data.position) || 0);
  else if (event === "typing" && (data.speaker === "bot" || data.speaker === "agent")) {
    sink.typing({ speaker: data.speaker, name: data.name ? String(data.name) : null, on: data.on === true });
  }
}

const bearer = (key: Key) => ({ Authorization: `Bearer ${key.token}` });
const path = (key: Key, rest: string) => `/v1/conversations/${encodeURIComponent(key.id)}${rest}`;
