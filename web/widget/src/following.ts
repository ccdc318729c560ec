/** Keeps the conversation's state at what the server knows: by the live stream in the tab that leads, and by asking for gaps. */

import { asFailure, type Backend, type Key } from "./backend.ts";
import { ConversationState } from "./conversation_state.ts";
import type { Outbox } from "./outbox.ts";
import type { Shelf } from "./shelf.ts";
import { type Link, Stream } from "./stream.ts";
import type { Timeline } from "./timeline.ts";
import type { Conversation, Item } from "./wire.ts";

export abstract class Following extends ConversationState {
  protected stream: Stream | null = null;
  #filling: { timeline: Timeline; done: Promise<void> } | null = null;

  constructor(
    protected readonly backend: Backend,
    readonly outbox: Outbox,
    shelf: Shelf,
  ) {
    super(shelf);
  }

  protected abstract readonly leading: boolean;
  protected abstract arrived(items: Item[]): void;
  /** The server does not know this conversation any more. */
  protected abstract expired(key: Key | null): void;

  protected unfollow(): void {
    this.stream?.stop();
    this.stream = null;
  }

  protected followStream(): void {
    const key = this.key;
    if (!key || !this.leading) return;
    this.stream?.stop();
    this.stream = new Stream(
      async (sink, signal) => {
        if (!this.timeline.last) await this.fill();
        return this.backend.follow(key, this.timeline.last, sink, signal);
      },
      {
        item: (item) => this.take([item]),
        conversation: (conversation) => this.setConversation(conversation, true),
        typing: (typing) => this.setTyping(typing, true),
        seen: (position) => this.setSeen(position, true),
      },
      { link: (link) => this.#linked(key, link), rejected: () => this.expired(key) },
    );
    this.stream.start();
  }

  /** An open stream brings the items that were missed, but not who the conversation belongs to by now. */
  #linked(key: Key, link: Link): void {
    this.setLink(link, true);
    if (link === "ok") this.#fetchConversation(key).catch(() => undefined);
  }

  /** What is told while the answer is on its way is newer than the answer. */
  async #fetchConversation(key: Key): Promise<Conversation> {
    const told = this.told;
    const conversation = await this.backend.conversation(key);
    if (told === this.told) this.setConversation(conversation, true);
    return conversation;
  }

  /** Everything after the last item that is known; at first only the newest page. */
  protected fill(): Promise<void> {
    const { timeline } = this;
    // What is still asked for the conversation before says nothing of this one.
    if (this.#filling?.timeline !== timeline) {
      const filling = {
        timeline,
        done: this.#fetchMissing().finally(() => {
          if (this.#filling === filling) this.#filling = null;
        }),
      };
      this.#filling = filling;
    }
    return this.#filling.done;
  }

  async #fetchMissing(): Promise<void> {
    const key = this.key;
    const timeline = this.timeline;
    if (!key) return;
    try {
      if (!timeline.last) {
        const { position } = await this.#fetchConversation(key);
        const page = await this.backend.before(key, position + 1);
        if (timeline !== this.timeline) return;
        timeline.prepend(page.items, page.more);
        this.#arrive(timeline.append(page.items).fresh); // the first of them may have been told meanwhile
        return;
      }
      for (let more = true; more; ) {
        const page = await this.backend.after(key, timeline.last);
        if (timeline !== this.timeline) return;
        more = page.more && page.items.length > 0;
        this.#arrive(timeline.append(page.items).fresh);
      }
    } catch (error) {
      if (asFailure(error).kind === "token") this.expired(key);
      throw error;
    } finally {
      this.changed();
    }
  }

  protected take(items: Item[], tell = true): void {
    const { fresh, gap } = this.timeline.append(items);
    if (gap) this.fill().catch(() => undefined);
    if (tell && fresh.length && this.key) this.tell({ kind: "items", id: this.key.id, items: fresh });
    this.#arrive(fresh);
  }

  #arrive(fresh: Item[]): void {
    for (const item of fresh) {
      if (item.client_id) this.outbox.remove(item.client_id); // confirmed, though its answer may have been lost
      if (item.speaker === "bot" || item.speaker === "agent") this.setTyping(null);
    }
    if (fresh.length) this.arrived(fresh);
    this.changed();
  }
}
