/**
 * Reading what a server said into the types of `wire.ts`, by an example of each: a field that is missing or of another
 * type becomes the example's own value, so that an older or newer server, or a hostile message, never breaks what draws it.
 */

import type { Attachment, Card, Choice, Citation, Config, Conversation, Input, Item, Opening, Order, Speaker } from "./wire.ts";

const MOST = 100;

/** Where `null` may stand: read as the example when there is something to read. */
class OrNull<T> {
  constructor(readonly example: T) {}
}

const orNull = <T>(example: T) => new OrNull(example) as unknown as T | null;
const listOf = <T>(example: T): T[] => [example];

export function readAs<T>(example: T, value: unknown): T {
  return read(example, value) as T;
}

function read(example: unknown, value: unknown): unknown {
  if (example instanceof OrNull) return value === null || value === undefined || value === "" ? null : read(example.example, value);
  if (Array.isArray(example)) {
    return Array.isArray(value) ? value.slice(0, MOST).map((each) => read(example[0], each)) : [];
  }
  if (typeof example === "object" && example) {
    const given = (typeof value === "object" && value ? value : {}) as Record<string, unknown>;
    return Object.fromEntries(Object.entries(example).map(([name, field]) => [name, read(field, given[name])]));
  }
  if (typeof example === "string" && typeof value === "number") return String(value);
  return typeof value === typeof example ? value : example;
}

const choice: Choice = { title: "", payload: "" };
const card: Card = { title: "", subtitle: "", image: orNull(""), buttons: listOf(choice) };
const citation: Citation = { entry_id: "", title: "", path: listOf(""), url: orNull("") };
export const attachment: Attachment = { id: "", name: "", type: "", size: 0, url: "" };
const order: Order = { number: "", title: "", subtitle: "" };
const input: Input = { kind: "", min: "", max: "", digits: 0, orders: listOf(order) };
const opening: Opening = { open: true, text: "", opens_at: orNull("") };

const item: Item = {
  ...{ position: 0, id: "", speaker: "system", name: orNull(""), client_id: orNull(""), text: "" },
  ...{ buttons: listOf(choice), citations: listOf(citation), cards: listOf(card), image: orNull("") },
  ...{ attachments: listOf(attachment), input: orNull(input), event: orNull(""), at: "" },
};

const conversation: Conversation = {
  ...{ id: "", state: "bot", agent: orNull({ name: "" }), queue: orNull({ position: 0, wait_seconds: orNull(0) }) },
  ...{ opening, position: 0, identified: false },
};

export const config: Config = {
  ...{ company: "", bot_name: "", greeting: "", suggestions: listOf(choice), opening },
  features: { attachments: false, rating: false, person: true },
  limits: { message_chars: 2000, attachment_bytes: 0, attachment_types: listOf("") },
};

const SPEAKERS: readonly Speaker[] = ["customer", "bot", "agent"];
const STATES: readonly string[] = ["queued", "agent", "closed"];

export function readItem(value: unknown): Item {
  const found = readAs(item, value);
  return SPEAKERS.includes(found.speaker) ? found : { ...found, speaker: "system" };
}

export const readItems = (value: unknown): Item[] => (Array.isArray(value) ? value.map(readItem) : []);

export function readConversation(value: unknown): Conversation {
  const found = readAs(conversation, value);
  return STATES.includes(found.state) ? found : { ...found, state: "bot" };
}
