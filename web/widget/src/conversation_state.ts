/** What is known of the customer's conversation. A change is drawn, and told to the other tabs where this one heard it first. */

import type { Key, Typing } from "./backend.ts";
import type { Shelf } from "./shelf.ts";
import type { Link } from "./stream.ts";
import type { Word } from "./tabs.ts";
import { Timeline } from "./timeline.ts";
import type { Config, Conversation, Item } from "./wire.ts";

/** Why the customer sees another conversation than before. */
export type Notice = "expired" | "erased" | null;

const TYPING_LASTS = 45_000;

export abstract class ConversationState {
  config: Config | null = null;
  configFailed = false;
  conversation: Conversation | null = null;
  key: Key | null;
  /** Of the conversation before, whose time was over. */
  earlier: readonly Item[] = [];
  link: Link = "ok";
  typing: Typing | null = null;
  /** Up to where the person has read. */
  seen = 0;
  notice: Notice = null;
  /** The customer wanted a person and there was none: an e-mail address is asked for. */
  contact: "no" | "asked" | "left" = "no";
  rated = false;
  loadingOlder = false;
  protected timeline = new Timeline();
  /** How often the conversation's state was told: an answer that was asked for before is older. */
  protected told = 0;
  /** Conversations that are over for us, however long the other tabs' storage still names them. */
  protected readonly gone = new Set<string>();
  #typingTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(protected readonly shelf: Shelf) {
    this.key = shelf.get<Key>("key");
  }

  protected abstract changed(): void;
  protected abstract tell(word: Word): void;
  protected abstract unfollow(): void;
  /** The way to the server is free again. */
  protected abstract reached(): void;

  get items(): readonly Item[] {
    return this.timeline.items;
  }

  get more(): boolean {
    return this.timeline.more;
  }

  get read(): number {
    return this.shelf.get<number>("read") ?? 0;
  }

  get unread(): number {
    const { read } = this;
    return this.items.filter(({ position, speaker }) => position > read && (speaker === "bot" || speaker === "agent")).length;
  }

  protected reset(key: Key | null): void {
    if (this.key) this.gone.add(this.key.id);
    this.unfollow();
    this.key = key;
    this.timeline = new Timeline();
    this.earlier = [];
    this.conversation = null;
    this.typing = null;
    this.seen = 0;
    this.contact = "no";
    this.rated = false;
    this.link = "ok";
    this.changed();
  }

  protected setConversation(conversation: Conversation, tell = false): void {
    if (conversation.id !== this.key?.id) return;
    this.told += 1;
    if (conversation.state !== "bot") this.contact = "no";
    if (conversation.state === "closed") this.setTyping(null);
    this.conversation = conversation;
    if (tell) this.tell({ kind: "conversation", conversation });
    this.changed();
  }

  protected setTyping(typing: Typing | null, tell = false): void {
    clearTimeout(this.#typingTimer);
    this.typing = typing?.on ? typing : null;
    if (this.typing) this.#typingTimer = setTimeout(() => this.setTyping(null), TYPING_LASTS);
    if (tell && typing) this.tell({ kind: "typing", typing });
    this.changed();
  }

  protected setSeen(position: number, tell = false): void {
    this.seen = Math.max(this.seen, position);
    if (tell) this.tell({ kind: "seen", position });
    this.changed();
  }

  protected setLink(link: Link, tell = false): void {
    const back = link === "ok" && this.link !== "ok";
    this.link = link;
    if (tell) this.tell({ kind: "link", link });
    if (back) this.reached();
    this.changed();
  }
}
