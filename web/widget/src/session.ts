/** One customer's conversation in this tab: what is known of it, and everything a customer can do with it. */

import { asFailure, type Backend, type Failure, failure, type Key, type Typing } from "./backend.ts";
import { Outbox } from "./outbox.ts";
import { Sender } from "./sender.ts";
import type { Shelf } from "./shelf.ts";
import { type Link, Stream } from "./stream.ts";
import { Tabs, type Word } from "./tabs.ts";
import { Timeline } from "./timeline.ts";
import type { Attachment, Config, Conversation, Item, Outgoing, PageContext } from "./wire.ts";

/** Why the customer sees another conversation than before. */
export type Notice = "expired" | "erased" | null;

export interface SessionHooks {
  changed(): void;
  /** Messages that came in just now, never those of the past. */
  arrived(items: Item[]): void;
  sent(item: Item): void;
  failed(error: Failure): void;
  locale(): string;
  page(): PageContext;
}

const TYPING_LASTS = 45_000;

export class Session {
  config: Config | null = null;
  configFailed = false;
  conversation: Conversation | null = null;
  key: Key | null;
  earlier: readonly Item[] = [];
  link: Link = "ok";
  typing: Typing | null = null;
  seen = 0;
  notice: Notice = null;
  /** The customer wanted a person and there was none: an e-mail address is asked for. */
  contact: "no" | "asked" | "left" = "no";
  rated = false;
  loadingOlder = false;
  readonly outbox: Outbox;

  #timeline = new Timeline();
  #told = 0;
  /** Conversations that are over for us, however long the other tabs' storage still names them. */
  readonly #gone = new Set<string>();
  #identity: string | null = null;
  #starting: Promise<Key> | null = null;
  #filling: Promise<void> | null = null;
  #typingTimer: ReturnType<typeof setTimeout> | undefined;
  readonly #tabs: Tabs;
  readonly #sender: Sender;
  #stream: Stream | null = null;

  readonly #backend: Backend;
  readonly #shelf: Shelf;
  readonly #hooks: SessionHooks;

  constructor(
    backend: Backend,
    shelf: Shelf,
    name: string,
    hooks: SessionHooks,
  ) {
    this.#backend = backend;
    this.#shelf = shelf;
    this.#hooks = hooks;
    this.outbox = new Outbox(shelf);
    this.key = shelf.get<Key>("key");
    this.#sender = new Sender(this.outbox, {
      resends: backend.resends,
      send: (waiting) => this.#deliver(waiting.message),
      changed: () => this.#outboxChanged(),
      lost: async () => {
        this.#expired(this.key);
        return true;
      },
      stuck: (stuck) => {
        if (!this.#stream) this.#setLink(!stuck ? "ok" : navigator.onLine === false ? "offline" : "down");
      },
    });
    this.#tabs = new Tabs(name, (word) => this.#listen(word), (leading) => this.#lead(leading));
  }

  get items(): readonly Item[] {
    return this.#timeline.items;
  }

  get more(): boolean {
    return this.#timeline.more;
  }

  get read(): number {
    return this.#shelf.get<number>("read") ?? 0;
  }

  get unread(): number {
    const { read } = this;
    return this.items.filter(({ position, speaker }) => position > read && (speaker === "bot" || speaker === "agent")).length;
  }

  /** Picks up a stored conversation; without one nothing is asked of the server before the chat is opened. */
  resume(): void {
    this.#tabs.join();
    this.#tabs.tell({ kind: "hello" });
    this.#adopt(this.#shelf.get<Key>("key"));
    if (this.key || this.outbox.next()) void this.load();
  }

  /** Before the page goes into the back-forward cache. */
  suspend(): void {
    this.#tabs.leave();
  }

  /**
   * Another tab has written to the storage. Its word may have come before: storages of two processes are not in step.
   */
  stored(name: string): void {
    if (name === "key") this.#adopt(this.#shelf.get<Key>("key"));
    this.#sender.kick();
    this.#hooks.changed();
  }

  wake(): void {
    this.#stream?.wake();
    this.#sender.kick();
    if (!this.#tabs.leading && this.key) this.#fill().catch(() => undefined);
  }

  offline(): void {
    this.#stream?.lost();
    if (!this.#stream) this.#setLink("offline");
  }

  /** Fetches what the open chat shows. */
  async load(): Promise<void> {
    if (!this.config) {
      try {
        this.config = await this.#backend.config();
        this.configFailed = false;
      } catch {
        this.configFailed = true;
      }
      this.#hooks.changed();
    }
    if (this.key && !this.items.length) await this.#fill().catch(() => undefined);
  }

  send(message: Omit<Outgoing, "client_id">, files: Attachment[] = []): void {
    const attachments = files.map((file) => file.id);
    this.outbox.add({ client_id: uuid(), ...message, ...(files.length ? { attachments } : {}) }, files);
    this.notice = null;
    this.#outboxChanged();
    this.#sender.kick();
  }

  retry(clientId: string): void {
    this.outbox.mark(clientId, false);
    this.#outboxChanged();
    this.#sender.kick();
  }

  discard(clientId: string): void {
    this.outbox.remove(clientId);
    this.#outboxChanged();
  }

  async identify(identity: string | null): Promise<void> {
    this.#identity = identity;
    if (!identity) this.#forget(null); // signed out: the next person at this computer sees nothing
    else if (this.key) await this.#update((key) => this.#backend.identify(key, identity));
  }

  async person(title: string): Promise<void> {
    if (this.#backend.personPayload) {
      this.send({ payload: this.#backend.personPayload, title });
      return;
    }
    await this.#ensureKey();
    await this.#update((key) => this.#backend.person(key));
    this.contact = this.conversation?.state === "bot" && !this.conversation.opening.open ? "asked" : "no";
    if (this.#tabs.leading) this.#stream?.wake();
    this.#hooks.changed();
  }

  stopWaiting = () => this.#update((key) => this.#backend.stopWaiting(key));
  end = () => this.#update((key) => this.#backend.end(key));

  async leaveContact(email: string): Promise<void> {
    await this.#withKey((key) => this.#backend.contact(key, email));
    this.contact = "left";
    this.#hooks.changed();
  }

  async rate(score: number, comment: string): Promise<void> {
    await this.#withKey((key) => this.#backend.rate(key, score, comment));
    this.rated = true;
    this.#hooks.changed();
  }

  async attach(file: File): Promise<Attachment> {
    const key = await this.#ensureKey();
    return this.#backend.attach(key, file);
  }

  fetchFile = (attachment: Attachment) => this.#withKey((key) => this.#backend.fetchFile(key, attachment));
  transcript = () => this.#withKey((key) => this.#backend.transcript(key));

  async erase(): Promise<string> {
    const receipt = await this.#withKey((key) => this.#backend.erase(key));
    this.#forget("erased");
    return receipt;
  }

  /** Ends what is there and begins with the greeting again. */
  async startAgain(): Promise<void> {
    if (this.key && this.conversation?.state !== "closed") await this.end().catch(() => undefined);
    this.#forget(null);
  }

  /** Tell the person that the customer writes; a bot does not mind. */
  sayTyping(on: boolean): void {
    const state = this.conversation?.state;
    if (this.key && (state === "agent" || state === "queued")) this.#backend.typing(this.key, on).catch(() => undefined);
  }

  /** The customer has everything before their eyes. */
  markRead(): void {
    const last = this.#timeline.last;
    if (!this.key || last <= this.read) return;
    this.#shelf.set("read", last);
    this.#tabs.tell({ kind: "read", position: last });
    this.#backend.read(this.key, last).catch(() => undefined);
    this.#hooks.changed();
  }

  async loadOlder(): Promise<void> {
    if (!this.key || this.loadingOlder || !this.more) return;
    this.loadingOlder = true;
    const timeline = this.#timeline;
    try {
      const page = await this.#backend.before(this.key, timeline.first);
      timeline.prepend(page.items, page.more);
    } catch {
      // The next scroll asks again.
    } finally {
      this.loadingOlder = false;
      this.#hooks.changed();
    }
  }

  #lead(leading: boolean): void {
    if (!leading) {
      this.#stream?.stop();
      this.#stream = null;
      this.#sender.stop();
      return;
    }
    if (this.key) this.#followStream();
    this.#sender.start();
  }

  #followStream(): void {
    const key = this.key;
    if (!key || !this.#tabs.leading) return;
    this.#stream?.stop();
    this.#stream = new Stream(
      async (sink, signal) => {
        if (!this.#timeline.last) await this.#fill();
        return this.#backend.follow(key, this.#timeline.last, sink, signal);
      },
      {
        item: (item) => this.#take([item]),
        conversation: (conversation) => this.#setConversation(conversation, true),
        typing: (typing) => this.#setTyping(typing, true),
        seen: (position) => this.#setSeen(position, true),
      },
      { link: (link) => this.#linked(key, link), rejected: () => this.#expired(key) },
    );
    this.#stream.start();
  }

  /** An open stream brings the items that were missed, but not who the conversation belongs to by now. */
  #linked(key: Key, link: Link): void {
    this.#setLink(link, true);
    if (link === "ok") this.#fetchConversation(key).catch(() => undefined);
  }

  /** What is told while the answer is on its way is newer than the answer. */
  async #fetchConversation(key: Key): Promise<Conversation> {
    const told = this.#told;
    const conversation = await this.#backend.conversation(key);
    if (told === this.#told) this.#setConversation(conversation, true);
    return conversation;
  }

  #listen(word: Word): void {
    if (word.kind === "items" && word.id === this.key?.id) this.#take(word.items, false);
    else if (word.kind === "conversation") this.#setConversation(word.conversation);
    else if (word.kind === "typing") this.#setTyping(word.typing);
    else if (word.kind === "seen") this.#setSeen(word.position);
    else if (word.kind === "link") this.#setLink(word.link);
    else if (word.kind === "key") this.#adopt(word.key);
    else if (word.kind === "hello" && this.#tabs.leading && this.#stream) this.#tabs.tell({ kind: "link", link: this.link });
    else if (word.kind === "outbox") this.#sender.kick();
    this.#hooks.changed();
  }

  /** Everything after the last item that is known; at first only the newest page. */
  #fill(): Promise<void> {
    this.#filling ??= this.#fetchMissing().finally(() => {
      this.#filling = null;
    });
    return this.#filling;
  }

  async #fetchMissing(): Promise<void> {
    const key = this.key;
    const timeline = this.#timeline;
    if (!key) return;
    try {
      if (!timeline.last) {
        const { position } = await this.#fetchConversation(key);
        const page = await this.#backend.before(key, position + 1);
        if (timeline !== this.#timeline) return;
        timeline.prepend(page.items, page.more);
        return;
      }
      for (let more = true; more; ) {
        const page = await this.#backend.after(key, timeline.last);
        if (timeline !== this.#timeline) return;
        more = page.more && page.items.length > 0;
        this.#arrive(timeline.append(page.items).fresh);
      }
    } catch (error) {
      if (asFailure(error).kind === "token") this.#expired(key);
      throw error;
    } finally {
      this.#hooks.changed();
    }
  }

  #take(items: Item[], tell = true): void {
    const { fresh, gap } = this.#timeline.append(items);
    if (gap) this.#fill().catch(() => undefined);
    if (tell && fresh.length && this.key) this.#tabs.tell({ kind: "items", id: this.key.id, items: fresh });
    this.#arrive(fresh);
  }

  #arrive(fresh: Item[]): void {
    for (const item of fresh) {
      if (item.client_id) this.outbox.remove(item.client_id); // confirmed, though its answer may have been lost
      if (item.speaker === "bot" || item.speaker === "agent") this.#setTyping(null);
    }
    if (fresh.length) this.#hooks.arrived(fresh);
    this.#hooks.changed();
  }

  async #deliver(message: Outgoing): Promise<void> {
    const key = await this.#ensureKey();
    // Rasa's own channel answers in the same call; the gateway tells when the bot begins.
    if (!this.#backend.resends) this.#setTyping({ speaker: "bot", name: null, on: true }, true);
    const item = await this.#backend.send(key, message).catch((error: unknown) => {
      this.#setTyping(null);
      throw error;
    });
    if (key.id !== this.key?.id) return;
    if (this.#timeline.last === 0 && item.position > 1) await this.#fill().catch(() => undefined);
    this.#take([item]);
    if (this.conversation?.state === "bot" && this.items.at(-1)?.client_id === message.client_id) {
      this.#setTyping({ speaker: "bot", name: null, on: true }, true);
    }
    this.#hooks.sent(item);
  }

  #ensureKey(): Promise<Key> {
    if (this.key) return Promise.resolve(this.key);
    this.#starting ??= this.#begin().finally(() => {
      this.#starting = null;
    });
    return this.#starting;
  }

  async #begin(): Promise<Key> {
    const start = () => this.#backend.start(this.#hooks.locale(), this.#hooks.page(), this.#identity);
    const begun = await start().catch((error: unknown) => {
      if (!this.#identity || asFailure(error).kind !== "refused") throw error;
      this.#identity = null; // a signature that is not taken must not keep a customer from asking
      this.#hooks.failed(asFailure(error));
      return start();
    });
    const other = this.#shelf.get<Key>("key"); // another tab may have been quicker
    if (other && !this.#gone.has(other.id)) {
      this.#adopt(other);
      return other;
    }
    this.#shelf.set("key", begun.key);
    this.#shelf.set("read", 0);
    this.key = begun.key;
    this.#timeline = new Timeline();
    this.#setConversation(begun.conversation);
    this.#tabs.tell({ kind: "key", key: begun.key });
    this.#followStream();
    return begun.key;
  }

  /** The server does not know our conversation any more; what is on the screen stays, what waits goes to the next. */
  #expired(key: Key | null): void {
    if (!key || key.id !== this.key?.id) return;
    const { items } = this;
    const wasClosed = this.conversation?.state === "closed";
    this.#forget(wasClosed ? null : "expired", false);
    this.earlier = items;
    this.#hooks.changed();
  }

  #forget(notice: Notice, outboxToo = true): void {
    this.#shelf.remove("key");
    this.#shelf.remove("read");
    if (outboxToo) this.outbox.clear();
    this.notice = notice;
    this.#tabs.tell({ kind: "key", key: null });
    this.#reset(null);
  }

  #reset(key: Key | null): void {
    if (this.key) this.#gone.add(this.key.id);
    this.#stream?.stop();
    this.#stream = null;
    this.key = key;
    this.#timeline = new Timeline();
    this.earlier = [];
    this.conversation = null;
    this.typing = null;
    this.seen = 0;
    this.contact = "no";
    this.rated = false;
    this.link = "ok";
    this.#hooks.changed();
  }

  /** Another tab has begun a conversation, or given one up. */
  #adopt(key: Key | null): void {
    if (key?.id === this.key?.id || (key && this.#gone.has(key.id))) return;
    this.#reset(key);
    if (this.#tabs.leading) this.#followStream();
    void this.load();
  }

  async #update(act: (key: Key) => Promise<Conversation>): Promise<void> {
    this.#setConversation(await this.#withKey(act), true);
    if (!this.#tabs.leading) await this.#fill().catch(() => undefined);
  }

  async #withKey<T>(act: (key: Key) => Promise<T>): Promise<T> {
    const { key } = this;
    if (!key) throw failure("token", "no conversation");
    try {
      return await act(key);
    } catch (error) {
      if (asFailure(error).kind === "token") this.#expired(key);
      throw error;
    }
  }

  #outboxChanged(): void {
    this.#tabs.tell({ kind: "outbox" });
    this.#hooks.changed();
  }

  #setConversation(conversation: Conversation, tell = false): void {
    if (conversation.id !== this.key?.id) return;
    this.#told += 1;
    if (conversation.state !== "bot") this.contact = "no";
    if (conversation.state === "closed") this.#setTyping(null);
    this.conversation = conversation;
    if (tell) this.#tabs.tell({ kind: "conversation", conversation });
    this.#hooks.changed();
  }

  #setTyping(typing: Typing | null, tell = false): void {
    clearTimeout(this.#typingTimer);
    this.typing = typing?.on ? typing : null;
    if (this.typing) this.#typingTimer = setTimeout(() => this.#setTyping(null), TYPING_LASTS);
    if (tell && typing) this.#tabs.tell({ kind: "typing", typing });
    this.#hooks.changed();
  }

  #setSeen(position: number, tell = false): void {
    this.seen = Math.max(this.seen, position);
    if (tell) this.#tabs.tell({ kind: "seen", position });
    this.#hooks.changed();
  }

  #setLink(link: Link, tell = false): void {
    const back = link === "ok" && this.link !== "ok";
    this.link = link;
    if (tell) this.#tabs.tell({ kind: "link", link });
    if (back) this.#sender.kick();
    this.#hooks.changed();
  }
}

/** `crypto.randomUUID` exists on secure pages only. */
function uuid(): string {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0"));
  hex[6] = `4${hex[6]?.[1]}`;
  hex[8] = `a${hex[8]?.[1]}`;
  const text = hex.join("");
  return [text.slice(0, 8), text.slice(8, 12), text.slice(12, 16), text.slice(16, 20), text.slice(20)].join("-");
}
