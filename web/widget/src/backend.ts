/** The server as the widget sees it; `desk.ts` and `rasa.ts` are the two there are. */

import type { Attachment, Config, Conversation, Item, Outgoing, PageContext, Speaker } from "./wire.ts";

/** Names one conversation and proves that it is this customer's. */
export interface Key {
  id: string;
  token: string;
}

export interface Started {
  key: Key;
  conversation: Conversation;
}

export type Trouble =
  | "network" // no answer: nobody knows whether the message arrived
  | "busy" // 429, 503: come back later
  | "broken" // another 5xx
  | "token" // the conversation is not ours any more
  | "closed" // it has ended
  | "another" // it is with another customer than the one who has signed in
  | "refused"; // asking again will not help

/** What a call that failed is rejected with; a plain value, because a backend may live in a file of its own. */
export interface Failure {
  kind: Trouble;
  message: string;
  /** Seconds. */
  retryAfter: number;
}

export const failure = (kind: Trouble, message: string, retryAfter = 0): Failure => ({ kind, message, retryAfter });

/** Anything that was thrown, as a failure; what is none is our own fault and counts as the server's. */
export const asFailure = (thrown: unknown): Failure =>
  thrown !== null && typeof thrown === "object" && "retryAfter" in thrown ? (thrown as Failure) : failure("broken", String(thrown));

export interface Typing {
  speaker: Speaker;
  name: string | null;
  on: boolean;
}

/** What a live stream tells. `beat` comes with every byte, so that silence can be noticed. */
export interface Sink {
  opened(): void;
  beat(): void;
  item(item: Item): void;
  conversation(conversation: Conversation): void;
  typing(typing: Typing): void;
  seen(position: number): void;
}

export interface Page {
  items: Item[];
  more: boolean;
}

export interface Backend {
  /** Whether a message may be sent again when its answer was lost. */
  readonly resends: boolean;
  /** Set where "talk to a person" is a message like any other. */
  readonly personPayload?: string;
  config(): Promise<Config>;
  start(locale: string, page: PageContext, identity: string | null): Promise<Started>;
  conversation(key: Key): Promise<Conversation>;
  identify(key: Key, identity: string): Promise<Conversation>;
  send(key: Key, message: Outgoing): Promise<Item>;
  before(key: Key, position: number): Promise<Page>;
  after(key: Key, position: number): Promise<Page>;
  /** Follows the conversation until the stream ends, fails or is aborted. */
  follow(key: Key, after: number, sink: Sink, signal: AbortSignal): Promise<void>;
  typing(key: Key, on: boolean): Promise<void>;
  read(key: Key, position: number): Promise<void>;
  person(key: Key): Promise<Conversation>;
  stopWaiting(key: Key): Promise<Conversation>;
  contact(key: Key, email: string): Promise<void>;
  rate(key: Key, score: number, comment: string): Promise<void>;
  attach(key: Key, file: File): Promise<Attachment>;
  fetchFile(key: Key, attachment: Attachment): Promise<Blob>;
  end(key: Key): Promise<Conversation>;
  transcript(key: Key): Promise<Blob>;
  erase(key: Key): Promise<string>;
}
