/** One open conversation: what was said, who else is here, what is on its way. Lives as long as its tab. */

import { computed, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import { isType } from "../../api/errors.ts";
import { api, me } from "../../api/index.ts";
import { conversations, forget, put } from "./conversations.ts";
import { type Draft, isEmpty, keepDraft, readDraft } from "./drafts.ts";
import { Sending } from "./sending.ts";
import type { Customer, Detail, Handoff, Item, Summary, Viewer } from "./wire.ts";

/** Somebody else wrote, or took the conversation, while something was being written here. */
export interface Interruption {
  by: string;
  /** What they wrote; empty when they only took it. */
  text: string;
}

const TYPING_LASTS = 7_000;
const PAGE = 50;

export class Room {
  readonly items: Signal<readonly Item[]> = signal([]);
  readonly handoff: Signal<Handoff | null> = signal(null);
  readonly customer: Signal<Customer | null> = signal(null);
  readonly tickets: Signal<readonly string[]> = signal([]);
  readonly viewers: Signal<readonly Viewer[]> = signal([]);
  readonly customerTypes = signal(false);
  readonly state: Signal<"loading" | "ready" | "failed"> = signal("loading");
  readonly problem: Signal<unknown> = signal(null);
  /** It was here, and its customer (or an admin for them) deleted it. */
  readonly deleted = signal(false);
  readonly older: Signal<"some" | "none" | "loading"> = signal("none");
  readonly draft: Signal<Draft>;
  readonly interruption: Signal<Interruption | null> = signal(null);
  readonly sending: Sending;
  readonly others: ReadonlySignal<readonly Viewer[]>;
  /** Where reading stopped when the tab was opened last. */
  readonly readTo = signal(0);
  #typingTimer: ReturnType<typeof setTimeout> | undefined;
  readonly #account: string;

  constructor(readonly id: string) {
    this.#account = me.peek()?.account.id ?? "";
    this.draft = signal(readDraft(this.#account, id));
    this.sending = new Sending(this, this.#account);
    this.others = computed(() => this.viewers.value.filter((one) => one.id !== me.value?.account.id));
  }

  async load(): Promise<void> {
    if (this.state.peek() !== "ready") this.state.value = "loading";
    try {
      const detail = await api.get<Detail>(`/conversations/${this.id}`);
      put(detail.conversation);
      const before = this.items.peek();
      const kept = before.length && detail.items.length && joins(before, detail.items) ? before : [];
      this.items.value = merged(kept, detail.items);
      for (const item of detail.items) if (item.client_id) this.sending.arrived(item.client_id);
      const first = this.items.peek()[0];
      this.older.value = first && first.position > 1 ? "some" : "none";
      this.handoff.value = detail.handoff;
      this.customer.value = detail.customer;
      this.tickets.value = detail.tickets;
      this.viewers.value = detail.viewers;
      this.state.value = "ready";
    } catch (error) {
      this.problem.value = error;
      if (isType(error, "not_found")) this.#isGone();
      // What is on the page already is better than an error in its place.
      if (this.state.peek() !== "ready" || isType(error, "not_found", "forbidden")) this.state.value = "failed";
    }
  }

  #isGone(): void {
    this.deleted.value ||= conversations.peek().has(this.id);
    this.items.value = [];
    this.customer.value = null;
    this.handoff.value = null;
    this.write({ reply: "", note: "", attachments: [] });
    this.sending.drop();
    forget(this.id);
  }

  /** Only what its tab shows: what nobody looks at is not opened. */
  async glance(): Promise<void> {
    try {
      put(await api.get<Summary>(`/conversations/${this.id}/summary`));
    } catch {
      // Once it is shown it is loaded, and says what is wrong.
    }
  }

  async loadOlder(): Promise<void> {
    const first = this.items.peek()[0];
    if (!first || this.older.peek() !== "some") return;
    this.older.value = "loading";
    try {
      const answer = await api.get<{ items: Item[] }>(`/conversations/${this.id}/items`, { before: first.position, limit: PAGE });
      this.items.value = merged(this.items.peek(), answer.items);
      this.older.value = answer.items.length < PAGE ? "none" : "some";
    } catch (error) {
      this.older.value = "some";
      throw error;
    }
  }

  /** One more item, from the stream or as an answer. */
  add(item: Item): void {
    const isNew = !this.items.peek().some((one) => one.id === item.id);
    this.items.value = merged(this.items.peek(), [item]);
    if (item.client_id) this.sending.arrived(item.client_id);
    if (item.speaker === "customer") this.customerTyping(false);
    const own = item.name === me.peek()?.account.name || this.sending.isOwn(item);
    if (isNew && item.speaker === "agent" && !item.note && !own) this.#interrupt({ by: item.name ?? "A colleague", text: item.text });
  }

  /** A machine's words stand beside an item from now on. */
  translated(id: string, language: string, text: string): void {
    this.items.value = this.items.peek().map((one) => (one.id === id ? { ...one, translations: { ...one.translations, [language]: text } } : one));
  }

  /** Somebody else became the owner. */
  takenBy(name: string): void {
    this.#interrupt({ by: name, text: "" });
  }

  customerTyping(on: boolean): void {
    clearTimeout(this.#typingTimer);
    this.customerTypes.value = on;
    if (on) this.#typingTimer = setTimeout(() => (this.customerTypes.value = false), TYPING_LASTS);
  }

  write(change: Partial<Draft>): void {
    const draft = { ...this.draft.peek(), ...change, at: Date.now() };
    if (!draft.reply.trim()) draft.original = null;
    this.draft.value = draft;
    if (isEmpty(draft)) this.interruption.value = null;
    keepDraft(this.#account, this.id, draft);
  }

  /** The version that a change names: the newest that was seen here. */
  get version(): number {
    return conversations.peek().get(this.id)?.version ?? 0;
  }

  #interrupt(interruption: Interruption): void {
    const draft = this.draft.peek();
    if (!draft.reply.trim() && !draft.attachments.length) return;
    if (interruption.text || !this.interruption.peek()) this.interruption.value = interruption;
  }
}

/** Whether two stretches of a timeline leave no gap between them. */
function joins(before: readonly Item[], after: readonly Item[]): boolean {
  return (before.at(-1)?.position ?? 0) + 1 >= (after[0]?.position ?? 0);
}

/** Both lists, in order, each item once; the later word about an item counts. */
export function merged(before: readonly Item[], added: readonly Item[]): Item[] {
  const byId = new Map(before.map((item) => [item.id, item]));
  for (const item of added) byId.set(item.id, { ...item, knew: item.knew ?? byId.get(item.id)?.knew ?? null });
  return [...byId.values()].sort((a, b) => a.position - b.position || a.at.localeCompare(b.at));
}

/** Those that are shown load themselves. */
const rooms = new Map<string, Room>();

export function roomOf(id: string): Room {
  let room = rooms.get(id);
  if (!room) {
    room = new Room(id);
    rooms.set(id, room);
  }
  return room;
}

export const openRoom = (id: string): Room | undefined => rooms.get(id);
export const openRooms = (): Room[] => [...rooms.values()];

export function leaveRoom(id: string): void {
  rooms.delete(id);
}

export function leaveAllRooms(): void {
  rooms.clear();
}
