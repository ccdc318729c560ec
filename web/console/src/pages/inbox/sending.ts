/** Replies and notes on their way. A text is given back to the composer, or stands as "not sent"; it is never lost. */

import { type Signal, signal } from "@preact/signals";
import { isType, sentence, Unreachable } from "../../api/errors.ts";
import { api } from "../../api/index.ts";
import { whileActing } from "./acting.ts";
import { put } from "./conversations.ts";
import { keepUnsent, type Mode, readUnsent } from "./drafts.ts";
import type { Room } from "./room.ts";
import type { Attachment, Item, Summary } from "./wire.ts";

export interface Pending {
  /** The same id is the same message, however often it is sent. */
  client_id: string;
  mode: Mode;
  text: string;
  attachments: Attachment[];
  original: { language: string; text: string } | null;
  state: "sending" | "failed";
  problem: string;
  /** When the server could not be reached, in milliseconds. */
  lostAt?: number;
}

/** How long a reply that found no connection is still the right one to send by itself. */
const STILL_RIGHT = 120_000;
const LEFT = "The page was left before it arrived.";

export class Sending {
  readonly pending: Signal<readonly Pending[]>;
  readonly #own: Set<string>;
  #last: Promise<void> = Promise.resolve();
  readonly #room: Room;
  readonly #account: string;

  /** What was on its way when the page was left may have arrived: the conversation, once loaded, tells. */
  constructor(room: Room, account: string) {
    this.#room = room;
    this.#account = account;
    const left = readUnsent<Pending>(account, room.id).map((one): Pending => ({ ...one, state: "failed", problem: one.problem || LEFT }));
    this.pending = signal(left);
    this.#own = new Set(left.map((one) => one.client_id));
  }

  isOwn(item: Item): boolean {
    return item.client_id !== null && this.#own.has(item.client_id);
  }

  /** Sends what the composer holds. False: nothing to send, or somebody interrupted and it has to be confirmed. */
  sendDraft(): boolean {
    const { mode, reply, note, attachments, original } = this.#room.draft.peek();
    const text = (mode === "note" ? note : reply).trim();
    if (!text && !(mode === "reply" && attachments.length)) return false;
    if (mode === "reply" && this.#room.interruption.peek()) return false;
    this.#room.write(mode === "note" ? { note: "", mode: "reply" } : { reply: "", attachments: [] });
    const made: Pending = {
      client_id: crypto.randomUUID(),
      mode,
      text,
      attachments: mode === "reply" ? attachments : [],
      original: mode === "reply" && original?.text !== text ? original : null,
      state: "sending",
      problem: "",
    };
    this.#own.add(made.client_id);
    this.#keep([...this.pending.peek(), made]);
    this.#queue(made);
    return true;
  }

  again(client_id: string): void {
    const found = this.pending.peek().find((one) => one.client_id === client_id);
    if (!found) return;
    this.#change(client_id, { state: "sending", problem: "" });
    this.#queue(found);
  }

  /** The connection is back: what was written a moment ago goes by itself, in its order; the rest waits to be looked at. */
  connected(): void {
    const now = Date.now();
    for (const one of this.pending.peek()) if (one.state === "failed" && now - (one.lostAt ?? 0) < STILL_RIGHT) this.again(one.client_id);
  }

  /** Back into the composer, before what stands there. */
  edit(client_id: string): void {
    const found = this.pending.peek().find((one) => one.client_id === client_id);
    if (!found) return;
    this.#remove(client_id);
    this.#giveBack(found);
  }

  /** The stream may bring a message before its own answer does: it must not stand there twice. */
  arrived(client_id: string): void {
    if (this.#own.has(client_id)) this.#remove(client_id);
  }

  /** The conversation is gone: nothing of it may stay. */
  drop(): void {
    this.#keep([]);
  }

  /** When everything on its way has arrived or failed: what names a version waits for it. */
  settled(): Promise<void> {
    return this.#last;
  }

  /** One after the other: in the order they were written, each with the version that the one before left. */
  #queue(one: Pending): void {
    this.#last = this.#last.then(() => this.#send(one));
  }

  async #send(one: Pending): Promise<void> {
    const { client_id, text } = one;
    try {
      if (one.mode === "note") {
        this.#arrived(one, await api.post<Item>(`/conversations/${this.#room.id}/notes`, { client_id, text }, { again: true }));
        return;
      }
      const attachments = one.attachments.map((file) => file.id);
      const body = { client_id, text, version: this.#room.version, ...(attachments.length ? { attachments } : {}), ...(one.original ? { original: one.original } : {}) };
      await whileActing(async () => {
        const answer = await api.post<{ conversation: Summary; item: Item }>(`/conversations/${this.#room.id}/reply`, body, { again: true });
        put(answer.conversation);
        this.#arrived(one, answer.item);
      });
    } catch (error) {
      if (isType(error, "stale_version")) await this.#overtaken(one, error.details["by"], error.message);
      else this.#change(client_id, { state: "failed", problem: sentence(error), ...(error instanceof Unreachable ? { lostAt: Date.now() } : {}) });
      if (isType(error, "not_found")) void this.#room.load();
    }
  }

  #arrived(one: Pending, item: Item): void {
    this.#remove(one.client_id);
    this.#room.add({ ...item, client_id: one.client_id });
  }

  /** The text goes back to the composer; what the other wrote is shown beside it. */
  async #overtaken(one: Pending, by: unknown, message: string): Promise<void> {
    this.#remove(one.client_id);
    this.#giveBack(one);
    this.#room.interruption.value = { by: nameOfWriter(by) ?? "A colleague", text: "" };
    await this.#room.load();
    const theirs = this.#room.items.peek().findLast((item) => item.speaker === "agent" && !item.note && !this.isOwn(item));
    const who = nameOfWriter(by) ?? theirs?.name ?? "A colleague";
    const text = theirs && theirs.name === who ? theirs.text : "";
    this.#room.interruption.value = { by: who, text: text || message };
  }

  #giveBack(one: Pending): void {
    const draft = this.#room.draft.peek();
    const joined = (old: string) => (old.trim() ? `${one.text}\n\n${old}` : one.text);
    if (one.mode === "note") this.#room.write({ mode: "note", note: joined(draft.note) });
    else this.#room.write({ mode: "reply", reply: joined(draft.reply), attachments: [...one.attachments, ...draft.attachments], original: one.original });
  }

  #change(client_id: string, change: Partial<Pending>): void {
    this.#keep(this.pending.peek().map((one) => (one.client_id === client_id ? { ...one, ...change } : one)));
  }

  #remove(client_id: string): void {
    this.#keep(this.pending.peek().filter((one) => one.client_id !== client_id));
  }

  #keep(pending: readonly Pending[]): void {
    this.pending.value = pending;
    keepUnsent(this.#account, this.#room.id, pending);
  }
}

function nameOfWriter(by: unknown): string | null {
  if (typeof by === "string") return by;
  if (by && typeof by === "object" && "name" in by && typeof by.name === "string") return by.name;
  return null;
}
