/**
 * Rasa's own REST channel, for a bot without Frontdesk's gateway. It has no identity, no push and no memory that a
 * browser may read, so the conversation is kept here; and it runs a turn twice when it is asked twice, so a message
 * whose answer was lost is never sent again without the customer's word.
 */

import { type Backend, failure, type Key, type Page, type Sink, type Started } from "./backend.ts";
import { config, readAs, readItem } from "./reading.ts";
import type { Shelf } from "./shelf.ts";
import type { Attachment, Config, Conversation, Item, Outgoing } from "./wire.ts";

const PATIENCE = 60_000;
const KEPT = 200;
const BEAT = 15_000;

export class RasaRest implements Backend {
  readonly resends = false;
  #sink: Sink | null = null;

  readonly #address: string;
  readonly #shelf: Shelf;
  readonly #settings: Config;
  readonly #noAnswer: () => string;

  constructor(
    address: string,
    shelf: Shelf,
    settings: Partial<Config>,
    noAnswer: () => string,
    readonly personPayload: string,
  ) {
    this.#address = address;
    this.#shelf = shelf;
    this.#settings = { ...readAs(config, {}), ...settings };
    this.#noAnswer = noAnswer;
  }

  config = async (): Promise<Config> => this.#settings;

  async start(): Promise<Started> {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    const id = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    this.#shelf.set("rasa", []);
    return { key: { id, token: "" }, conversation: this.#state(id) };
  }

  conversation = async (key: Key): Promise<Conversation> => this.#state(key.id);
  identify = async (key: Key): Promise<Conversation> => this.#state(key.id);

  async send(key: Key, message: Outgoing): Promise<Item> {
    const answers = await this.#ask(key.id, message.payload ?? message.text ?? "");
    const asked = this.#keep({ speaker: "customer", client_id: message.client_id, text: message.title ?? message.text ?? "" });
    const said = answers.length ? answers.map((answer) => this.#keep(fromRasa(answer))) : [this.#keep(this.#silence())];
    setTimeout(() => said.forEach((item) => this.#sink?.item(item)), 0);
    return asked;
  }

  before = async (_key: Key, position: number): Promise<Page> => ({
    items: this.#kept().filter((item) => item.position < position),
    more: false,
  });

  after = async (_key: Key, position: number): Promise<Page> => ({
    items: this.#kept().filter((item) => item.position > position),
    more: false,
  });

  follow(_key: Key, _after: number, sink: Sink, signal: AbortSignal): Promise<void> {
    this.#sink = sink;
    sink.opened();
    sink.beat();
    const beat = setInterval(() => sink.beat(), BEAT);
    return new Promise((resolve) => {
      signal.addEventListener("abort", () => {
        clearInterval(beat);
        resolve();
      });
    });
  }

  typing = async (): Promise<void> => undefined;
  read = async (): Promise<void> => undefined;
  contact = async (): Promise<void> => undefined;
  rate = async (): Promise<void> => undefined;
  person = async (key: Key): Promise<Conversation> => this.#state(key.id);
  stopWaiting = async (key: Key): Promise<Conversation> => this.#state(key.id);
  end = async (key: Key): Promise<Conversation> => this.#state(key.id);

  async attach(): Promise<Attachment> {
    throw failure("refused", "Rasa's REST channel takes no files");
  }

  async fetchFile(): Promise<Blob> {
    throw failure("refused", "Rasa's REST channel has no files");
  }

  async transcript(): Promise<Blob> {
    const lines = this.#kept().map((item) => `[${item.at}] ${item.speaker}: ${item.text}`);
    return new Blob([lines.join("\n")], { type: "text/plain" });
  }

  async erase(): Promise<string> {
    this.#shelf.remove("rasa");
    return "";
  }

  async #ask(sender: string, message: string): Promise<Record<string, unknown>[]> {
    const answer = await fetch(this.#address, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ sender, message }),
      credentials: "omit",
      signal: AbortSignal.timeout(PATIENCE),
    }).catch((error: unknown) => {
      throw failure("network", String(error));
    });
    if (!answer.ok) throw failure(answer.status === 429 || answer.status === 503 ? "busy" : "refused", "");
    const found: unknown = await answer.json().catch(() => null);
    if (!Array.isArray(found)) throw failure("broken", "no list of messages");
    return found;
  }

  #silence(): Partial<Item> {
    return { speaker: "bot", text: this.#noAnswer() };
  }

  #keep(item: Partial<Item>): Item {
    const kept = this.#kept();
    const position = (kept.at(-1)?.position ?? 0) + 1;
    const whole = readItem({ ...item, position, id: `rasa-${position}`, at: new Date().toISOString() });
    this.#shelf.set("rasa", [...kept, whole].slice(-KEPT));
    return whole;
  }

  #kept(): Item[] {
    return this.#shelf.get<Item[]>("rasa") ?? [];
  }

  #state(id: string): Conversation {
    return {
      id,
      state: "bot",
      agent: null,
      queue: null,
      opening: this.#settings.opening,
      position: this.#kept().at(-1)?.position ?? 0,
      identified: false,
    };
  }
}

/** One message of Rasa's list; what Frontdesk's actions add stands in `custom`. */
function fromRasa(answer: Record<string, unknown>): Partial<Item> {
  const custom = answer.custom !== null && typeof answer.custom === "object" ? answer.custom : {};
  return { ...custom, ...answer, speaker: "bot" } as Partial<Item>;
}
