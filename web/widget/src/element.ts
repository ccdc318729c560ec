/** `<frontdesk-chat>`: one chat in a shadow root of its own. */

import { asFailure, type Backend } from "./backend.ts";
import { Desk } from "./desk.ts";
import { type ChatEvents, Emitter } from "./emitter.ts";
import { Session, type SessionHooks } from "./session.ts";
import { readSettings, type Settings } from "./settings.ts";
import { browserStorage, Shelf } from "./shelf.ts";
import styles from "./view/shell.css";
import { type Language, languageFor } from "./texts/language.ts";
import { Shell } from "./view/shell.ts";
import { addStyles } from "./view/style_sheet.ts";
import type { PageContext } from "./wire.ts";

/** Fingerprint of the source, put in by the build: a new script fetches new parts, whatever is cached. */
declare const BUILD: string;

export class FrontdeskChat extends HTMLElement {
  /** The script's own address, against which the server's is read; the script tag's attributes. */
  static script = { address: location.href, attribute: (_name: string): string | null => null };

  readonly events = new Emitter();
  #session: Session | null = null;
  #shell: Shell | null = null;
  #ready: Promise<Shell | null> | null = null;
  #page: PageContext | null = null;
  #identity: string | null | undefined;
  #unread = 0;
  #state: ChatEvents["state"]["state"] | "" = "";
  #ending: AbortController | null = null;

  connectedCallback(): void {
    this.#ready ??= this.#start().catch((error: unknown) => {
      console.error("[frontdesk]", error);
      this.events.emit("error", { message: String(error) });
      return null;
    });
  }

  disconnectedCallback(): void {
    this.#ending?.abort();
    this.#session?.suspend();
    this.#session = this.#shell = this.#ready = null;
  }

  open(): void {
    void this.#ready?.then((shell) => shell?.open());
  }

  close(): void {
    void this.#ready?.then((shell) => shell?.close());
  }

  send(text: string): void {
    if (text.trim()) void this.#ready?.then(() => this.#session?.send({ text: text.trim() }));
  }

  /** The host site's signature of who is signed in; `null` when nobody is any more. */
  async identify(identity: string | null): Promise<void> {
    this.#identity = identity;
    await this.#session?.identify(identity).catch((error: unknown) => this.events.emit("error", asFailure(error)));
  }

  setPage(page: PageContext): void {
    this.#page = page;
  }

  async #start(): Promise<Shell | null> {
    const { attribute, address } = FrontdeskChat.script;
    const own = (name: string) => this.getAttribute(name) ?? attribute(name);
    const settings = readSettings(own, address, navigator.languages);
    const folder = new URL("widget", address).href;
    const language = await languageFor(settings.language, folder);
    const name = `frontdesk:${settings.rasa ?? settings.server}`;
    const shelf = new Shelf(`${name}:`, browserStorage("localStorage"));
    const here = new Shelf(`${name}:`, browserStorage("sessionStorage"));
    const backend = settings.rasa ? await rasaBackend(settings, language, shelf, folder) : new Desk(settings.server);
    if (!this.isConnected) return null;
    const session = new Session(backend, shelf, name, this.#hooks(language, here));
    const opened = (open: boolean) => {
      here.set("open", open);
      this.events.emit(open ? "open" : "close", undefined);
    };
    const loadPanel = async () => ((await import(`${folder}/panel.js?v=${BUILD}`)) as typeof import("./view/panel.ts")).Panel;
    const shell = new Shell({ session, settings, language, shelf, drafts: here, loadPanel, opened });
    this.#session = session;
    this.#shell = shell;
    this.#attach(settings, shell.root);
    this.#listen(`${name}:`);
    if (this.#identity !== undefined) void this.identify(this.#identity);
    session.resume();
    if (here.get("open") === true || own("open") === "true") void shell.open();
    return shell;
  }

  #hooks(language: Language, here: Shelf): SessionHooks {
    return {
      changed: () => this.#changed(),
      arrived: (items) => {
        this.#shell?.arrived(items);
        for (const { speaker, name, text } of items) {
          if (speaker !== "customer") this.events.emit("message", { speaker, name, text });
        }
      },
      sent: (item) => this.events.emit("sent", { text: item.text }),
      failed: (error) => this.events.emit("error", error),
      forgotten: () => {
        here.remove("draft");
        this.#shell?.forgotten();
      },
      locale: () => language.locale,
      // Queries and fragments of shops carry e-mails and tokens; they are nobody's business here.
      page: () => this.#page ?? { url: location.origin + location.pathname, title: document.title.slice(0, 200) },
    };
  }

  #attach(settings: Settings, root: HTMLElement): void {
    const shadow = this.shadowRoot ?? this.attachShadow({ mode: "open", delegatesFocus: false });
    shadow.adoptedStyleSheets = [];
    addStyles(shadow, styles);
    shadow.replaceChildren(root);
    const dark = matchMedia("(prefers-color-scheme: dark)");
    const paint = () => root.classList.toggle("dark", settings.theme === "dark" || (settings.theme === "auto" && dark.matches));
    paint();
    this.#ending = new AbortController();
    dark.addEventListener("change", paint, { signal: this.#ending.signal });
  }

  #listen(prefix: string): void {
    const signal = this.#ending?.signal;
    if (!signal) return;
    const wake = () => this.#session?.wake();
    const stored = ({ key }: StorageEvent) => key?.startsWith(prefix) && this.#session?.stored(key.slice(prefix.length));
    window.addEventListener("storage", stored, { signal });
    window.addEventListener("online", wake, { signal });
    window.addEventListener("offline", () => this.#session?.offline(), { signal });
    window.addEventListener("pagehide", (event) => event.persisted && this.#session?.suspend(), { signal });
    window.addEventListener("pageshow", (event) => event.persisted && this.#session?.resume(), { signal });
    const looked = () => {
      if (document.hidden) return;
      wake();
      this.#shell?.update();
    };
    document.addEventListener("visibilitychange", looked, { signal });
  }

  #changed(): void {
    this.#shell?.update();
    const session = this.#session;
    if (!session) return;
    const { unread } = session;
    if (unread !== this.#unread) {
      this.#unread = unread;
      this.events.emit("unread", { count: unread });
    }
    const state = session.conversation?.state ?? "none";
    if (state !== this.#state) {
      this.#state = state;
      this.events.emit("state", { state });
    }
  }
}

/** Kept in a file of its own: only who has no gateway needs it. */
async function rasaBackend(settings: Settings, language: Language, shelf: Shelf, folder: string): Promise<Backend> {
  const { RasaRest } = (await import(`${folder}/rasa.js?v=${BUILD}`)) as typeof import("./rasa.ts");
  const { company, botName: bot_name } = settings;
  const config = { company, bot_name, greeting: settings.greeting || language.say("greeting") };
  return new RasaRest(settings.rasa ?? "", shelf, config, () => language.say("noAnswer"), settings.rasaPerson);
}
