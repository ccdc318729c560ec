/** What every page of the website carries: the launcher with its count. The panel is fetched when it is wanted. */

import type { Session } from "../session.ts";
import type { Settings } from "../settings.ts";
import type { Shelf } from "../shelf.ts";
import type { Language } from "../texts/language.ts";
import type { Item } from "../wire.ts";
import { Announcer } from "./announcer.ts";
import { h, icon } from "./dom.ts";
import type { Panel, Surroundings } from "./panel.ts";
import { chime } from "./sound.ts";

export interface ShellParts {
  session: Session;
  settings: Settings;
  language: Language;
  shelf: Shelf;
  drafts: Shelf;
  /** Fetches the panel's code; asked again after a failure. */
  loadPanel(): Promise<new (around: Surroundings) => Panel>;
  opened(open: boolean): void;
}

export class Shell {
  readonly root: HTMLElement;
  isOpen = false;
  readonly #parts: ShellParts;
  readonly #announcer = new Announcer();
  readonly #launcher: HTMLButtonElement;
  readonly #hint = h("p", { class: "hint", hidden: true });
  #panel: Panel | null = null;
  #loading: Promise<void> | null = null;
  #returnTo: HTMLElement | null = null;
  #drawing = false;

  constructor(parts: ShellParts) {
    this.#parts = parts;
    const { settings, language, session } = parts;
    const fetchEarly = () => void this.#load().catch(() => undefined);
    this.#launcher = h("button", {
      ...{ type: "button", class: "launcher", "aria-haspopup": "dialog" },
      onclick: () => (this.isOpen ? this.close() : void this.open()),
      onpointerenter: fetchEarly,
      onfocus: fetchEarly,
    });
    this.root = h("div", { class: `root ${settings.side}`, dir: language.direction, lang: language.locale });
    this.root.append(this.#hint, this.#launcher, this.#announcer.element);
    this.root.addEventListener("keydown", (event) => this.#key(event));
    // The page's own keyboard shortcuts must not see what is typed here.
    for (const type of ["keydown", "keypress", "keyup"]) this.root.addEventListener(type, (event) => event.stopPropagation());
    if (session.key) setTimeout(fetchEarly, 2_000);
    this.#draw();
  }

  /** Draws at the next frame, however many changes come until then; a hidden page, which has no frames, at once. */
  update(): void {
    if (this.#drawing) return;
    this.#drawing = true;
    const draw = () => {
      this.#drawing = false;
      this.#draw();
    };
    if (document.hidden) queueMicrotask(draw);
    else requestAnimationFrame(draw);
  }

  async open(): Promise<void> {
    if (this.isOpen) return;
    const active = document.activeElement;
    this.isOpen = true;
    this.#hint.hidden = true;
    this.#draw();
    try {
      await this.#load();
    } catch {
      this.isOpen = false;
      this.#draw();
      this.#complain();
      return;
    }
    if (!this.isOpen) return; // closed again while it was fetched
    const own = active === document.body || active === (this.root.getRootNode() as ShadowRoot).host;
    this.#returnTo = active instanceof HTMLElement && !own ? active : null;
    this.#panel?.show();
    this.#parts.opened(true);
  }

  close(): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    this.#panel?.hide();
    this.#draw();
    (this.#returnTo?.isConnected ? this.#returnTo : this.#launcher).focus();
    this.#parts.opened(false);
  }

  arrived(items: readonly Item[]): void {
    if (!items.some((item) => item.speaker !== "customer")) return;
    if (this.#parts.shelf.get("sound") === true) chime();
    if (document.hidden) return; // the tab that is looked at says it
    if (this.isOpen) this.#panel?.arrived(items);
    else this.#announcer.say(this.#label());
  }

  forgotten(): void {
    this.#panel?.forgotten();
  }

  #load(): Promise<void> {
    this.#loading ??= this.#parts.loadPanel().then(
      (LoadedPanel) => {
        this.#panel = new LoadedPanel({
          ...this.#parts,
          root: this.root,
          announce: (text) => this.#announcer.say(text),
          close: () => this.close(),
          update: () => this.update(),
        });
        this.root.prepend(this.#panel.element);
      },
      (error: unknown) => {
        this.#loading = null;
        throw error;
      },
    );
    return this.#loading;
  }

  #draw(): void {
    const { settings, session, language } = this.#parts;
    const { isOpen } = this;
    const launcher = this.#launcher;
    const unread = isOpen ? 0 : session.unread;
    launcher.hidden = !settings.launcher;
    this.root.classList.toggle("open", isOpen);
    launcher.setAttribute("aria-expanded", String(isOpen));
    launcher.setAttribute("aria-label", this.#label());
    const drawn = `${isOpen} ${unread}`;
    if (launcher.dataset.drawn !== drawn) {
      launcher.dataset.drawn = drawn;
      const shown = unread > 99 ? "99+" : unread.toLocaleString(language.locale);
      const count = unread ? h("span", { class: "unread", "aria-hidden": "true" }, shown) : "";
      launcher.replaceChildren(icon(isOpen ? "close" : "chat"), count);
    }
    if (isOpen && this.#panel && !this.#panel.element.hidden) this.#panel.draw();
  }

  #label(): string {
    const { language, session } = this.#parts;
    if (this.isOpen) return language.say("close");
    const open = language.say("open");
    return session.unread ? language.say("unread", { open, n: session.unread }) : open;
  }

  #complain(): void {
    const text = this.#parts.language.say("loadFailed");
    this.#hint.textContent = text;
    this.#hint.hidden = false;
    this.#announcer.say(text);
    setTimeout(() => {
      this.#hint.hidden = true;
    }, 8_000);
  }

  #key(event: KeyboardEvent): void {
    if (!this.isOpen || event.isComposing) return;
    const used = this.#panel?.key(event);
    if (event.key !== "Escape") return;
    if (!used) this.close();
    event.preventDefault();
  }
}
