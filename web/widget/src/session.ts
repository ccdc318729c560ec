/** One customer's conversation in this tab: what is known of it, and everything a customer can do with it. */

import { asFailure, type Backend, type Failure, failure, type Key } from "./backend.ts";
import type { Notice } from "./conversation_state.ts";
import { Outbox } from "./outbox.ts";
import { Sender } from "./sender.ts";
import { Following } from "./following.ts";
import type { Shelf } from "./shelf.ts";
import { pause } from "./stream.ts";
import { Tabs, type Word } from "./tabs.ts";
import { Timeline } from "./timeline.ts";
import { uuid } from "./uuid.ts";
import type { Attachment, Conversation, Item, Outgoing, PageContext } from "./wire.ts";

export interface SessionHooks {
  changed(): void;
  /** Messages that came in just now, never those of the past. */
  arrived(items: Item[]): void;
  sent(item: Item): void;
  failed(error: Failure): void;
  /** Nothing of the conversation may stay on this computer. */
  forgotten(): void;
  locale(): string;
  page(): PageContext;
}

export class Session extends Following {
  #identity: string | null = null;
  #starting: Promise<Key> | null = null;
  #configFailures = 0;
  #configTimer: ReturnType<typeof setTimeout> | undefined;
  readonly #tabs: Tabs;
  readonly #sender: Sender;
  readonly #hooks: SessionHooks;

  constructor(backend: Backend, shelf: Shelf, name: string, hooks: SessionHooks) {
    super(backend, new Outbox(shelf), shelf);
    this.#hooks = hooks;
    this.#sender = new Sender(this.outbox, {
      resends: backend.resends,
      send: (waiting) => this.#deliver(waiting.message),
      changed: () => this.#outboxChanged(),
      lost: async () => {
        this.expired(this.key);
        return true;
      },
      stuck: (stuck) => {
        if (!this.stream) this.setLink(!stuck ? "ok" : navigator.onLine === false ? "offline" : "down");
      },
    });
    this.#tabs = new Tabs(name, (word) => this.#listen(word), (leading) => this.#lead(leading));
  }

  protected override changed = () => this.#hooks.changed();
  protected override arrived = (items: Item[]) => this.#hooks.arrived(items);
  protected override reached = () => this.#sender.kick();
  protected override tell = (word: Word) => this.#tabs.tell(word);

  protected override get leading(): boolean {
    return this.#tabs.leading;
  }

  /** Picks up a stored conversation; without one nothing is asked of the server before the chat is opened. */
  resume(): void {
    this.#tabs.join();
    this.tell({ kind: "hello" });
    this.#adopt(this.shelf.get<Key>("key"));
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
    if (name === "key") this.#adopt(this.shelf.get<Key>("key"));
    this.#sender.kick();
    this.changed();
  }

  wake(): void {
    this.stream?.wake();
    this.#sender.kick();
    if (!this.leading && this.key) this.fill().catch(() => undefined);
  }

  offline(): void {
    this.stream?.lost();
    if (!this.stream) this.setLink("offline");
  }

  /** Fetches what the open chat shows. */
  async load(): Promise<void> {
    if (!this.config) await this.#loadConfig();
    if (this.key && !this.items.length) await this.fill().catch(() => undefined);
  }

  /** One refusal (too many requests at once, a moment without a network) must not be the last word. */
  async #loadConfig(): Promise<void> {
    try {
      this.config = await this.backend.config();
      this.configFailed = false;
      this.#configFailures = 0;
    } catch {
      this.configFailed = true;
      clearTimeout(this.#configTimer);
      this.#configTimer = setTimeout(() => void this.load(), pause(1 + ++this.#configFailures));
    }
    this.changed();
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
    if (!identity) {
      // Signed out: the next person at this computer sees nothing. A visitor who never was signed in keeps everything.
      if (this.shelf.get("identified")) this.#forget(null);
    } else if (this.key) {
      await this.#identified(identity);
    }
  }

  async #identified(identity: string): Promise<void> {
    try {
      await this.#update((key) => this.backend.identify(key, identity));
      this.shelf.set("identified", true);
    } catch (error) {
      if (asFailure(error).kind !== "another") throw error;
      this.#forget(null); // the one before at this computer went without signing out; the next message begins anew
    }
  }

  async person(title: string): Promise<void> {
    if (this.backend.personPayload) {
      this.send({ payload: this.backend.personPayload, title });
      return;
    }
    await this.#ensureKey();
    await this.#update((key) => this.backend.person(key));
    this.contact = this.conversation?.state === "bot" && !this.conversation.opening.open ? "asked" : "no";
    if (this.leading) this.stream?.wake();
    this.changed();
  }

  stopWaiting = () => this.#update((key) => this.backend.stopWaiting(key));
  end = () => this.#update((key) => this.backend.end(key));

  async leaveContact(email: string): Promise<void> {
    await this.#withKey((key) => this.backend.contact(key, email));
    this.contact = "left";
    this.changed();
  }

  async rate(score: number, comment: string): Promise<void> {
    await this.#withKey((key) => this.backend.rate(key, score, comment));
    this.rated = true;
    this.changed();
  }

  async attach(file: File): Promise<Attachment> {
    const key = await this.#ensureKey();
    return this.backend.attach(key, file);
  }

  fetchFile = (attachment: Attachment) => this.#withKey((key) => this.backend.fetchFile(key, attachment));
  transcript = () => this.#withKey((key) => this.backend.transcript(key));

  async erase(): Promise<string> {
    const receipt = await this.#withKey((key) => this.backend.erase(key));
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
    if (this.key && (state === "agent" || state === "queued")) this.backend.typing(this.key, on).catch(() => undefined);
  }

  /** The customer has everything before their eyes. */
  markRead(): void {
    const last = this.timeline.last;
    if (!this.key || last <= this.read) return;
    this.shelf.set("read", last);
    this.tell({ kind: "read", position: last });
    this.backend.read(this.key, last).catch(() => undefined);
    this.changed();
  }

  async loadOlder(): Promise<void> {
    if (!this.key || this.loadingOlder || !this.more) return;
    this.loadingOlder = true;
    const timeline = this.timeline;
    try {
      const page = await this.backend.before(this.key, timeline.first);
      timeline.prepend(page.items, page.more);
    } catch {
      // The next scroll asks again.
    } finally {
      this.loadingOlder = false;
      this.changed();
    }
  }

  #lead(leading: boolean): void {
    if (!leading) {
      this.unfollow();
      this.#sender.stop();
      return;
    }
    if (this.key) this.followStream();
    this.#sender.start();
  }

  #listen(word: Word): void {
    if (word.kind === "items" && word.id === this.key?.id) this.take(word.items, false);
    else if (word.kind === "conversation") this.setConversation(word.conversation);
    else if (word.kind === "typing") this.setTyping(word.typing);
    else if (word.kind === "seen") this.setSeen(word.position);
    else if (word.kind === "link") this.setLink(word.link);
    else if (word.kind === "key") this.#adopt(word.key);
    else if (word.kind === "hello" && this.leading && this.stream) this.tell({ kind: "link", link: this.link });
    else if (word.kind === "outbox") this.#sender.kick();
    this.changed();
  }

  async #deliver(message: Outgoing): Promise<void> {
    const key = await this.#ensureKey();
    // Rasa's own channel answers in the same call; the gateway tells when the bot begins.
    if (!this.backend.resends) this.setTyping({ speaker: "bot", name: null, on: true }, true);
    const item = await this.backend.send(key, message).catch((error: unknown) => {
      this.setTyping(null);
      throw error;
    });
    if (key.id !== this.key?.id) return;
    if (this.timeline.last === 0 && item.position > 1) await this.fill().catch(() => undefined);
    this.take([item]);
    if (this.conversation?.state === "bot" && this.items.at(-1)?.client_id === message.client_id) {
      this.setTyping({ speaker: "bot", name: null, on: true }, true);
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
    const start = () => this.backend.start(this.#hooks.locale(), this.#hooks.page(), this.#identity);
    const { timeline } = this;
    const begun = await start().catch((error: unknown) => {
      if (!this.#identity || asFailure(error).kind !== "refused") throw error;
      this.#identity = null; // a signature that is not taken must not keep a customer from asking
      this.#hooks.failed(asFailure(error));
      return start();
    });
    if (timeline !== this.timeline) throw failure("busy", "signed out or begun anew meanwhile");
    const other = this.shelf.get<Key>("key"); // another tab may have been quicker
    if (other && !this.gone.has(other.id)) {
      this.#adopt(other);
      return other;
    }
    this.shelf.set("key", begun.key);
    this.shelf.set("read", 0);
    this.shelf.set("identified", this.#identity !== null);
    this.key = begun.key;
    this.timeline = new Timeline();
    this.setConversation(begun.conversation);
    this.tell({ kind: "key", key: begun.key });
    this.followStream();
    return begun.key;
  }

  /** The server does not know our conversation any more; what is on the screen stays, what waits goes to the next. */
  protected override expired(key: Key | null): void {
    if (!key || key.id !== this.key?.id) return;
    const { items } = this;
    const wasClosed = this.conversation?.state === "closed";
    this.#forget(wasClosed ? null : "expired", false);
    this.earlier = items;
    this.changed();
  }

  #forget(notice: Notice, outboxToo = true): void {
    this.shelf.remove("key");
    this.shelf.remove("read");
    this.shelf.remove("identified");
    if (outboxToo) {
      this.outbox.clear();
      this.#hooks.forgotten();
    }
    this.notice = notice;
    this.tell({ kind: "key", key: null });
    this.reset(null);
  }

  /** Another tab has begun a conversation, or given one up. */
  #adopt(key: Key | null): void {
    if (key?.id === this.key?.id || (key && this.gone.has(key.id))) return;
    this.reset(key);
    if (this.leading) this.followStream();
    void this.load();
  }

  async #update(act: (key: Key) => Promise<Conversation>): Promise<void> {
    this.setConversation(await this.#withKey(act), true);
    if (!this.leading) await this.fill().catch(() => undefined);
  }

  async #withKey<T>(act: (key: Key) => Promise<T>): Promise<T> {
    const { key } = this;
    if (!key) throw failure("token", "no conversation");
    try {
      return await act(key);
    } catch (error) {
      if (asFailure(error).kind === "token") this.expired(key);
      throw error;
    }
  }

  #outboxChanged(): void {
    this.tell({ kind: "outbox" });
    this.changed();
  }

}
