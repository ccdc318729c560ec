/** The panel: puts its parts together and shows what the session knows. It is a file of its own, loaded at the first opening. */

import { plainText } from "../markdown.ts";
import type { Session } from "../session.ts";
import type { Settings } from "../settings.ts";
import type { Shelf } from "../shelf.ts";
import type { Language } from "../texts/language.ts";
import type { Attachment, Choice, Item, Outgoing } from "../wire.ts";
import { Composer } from "./composer.ts";
import type { View } from "./context.ts";
import { h, icon, iconButton, Region } from "./dom.ts";
import { Ending } from "./ending.ts";
import { Menu } from "./menu.ts";
import { speakerName, systemText } from "./message.ts";
import { MessageList } from "./messages.ts";
import styles from "./panel.css";
import { parse } from "./rich_text.ts";
import { Scroller } from "./scroll.ts";
import { StatusBars } from "./status.ts";
import { addStyles } from "./style_sheet.ts";

/** What the shell gives its panel. */
export interface Surroundings {
  session: Session;
  settings: Settings;
  language: Language;
  shelf: Shelf;
  drafts: Shelf;
  root: HTMLElement;
  announce(text: string): void;
  close(): void;
  update(): void;
}

/** As in the style sheet: where the panel covers the page. */
const COVERS = "(max-width: 520px), (max-height: 460px)";

export class Panel implements View {
  readonly session: Session;
  readonly settings: Settings;
  readonly language: Language;
  readonly announce: (text: string) => void;
  readonly element: HTMLElement;
  readonly #around: Surroundings;
  readonly #list: MessageList;
  readonly #scroller: Scroller;
  readonly #bars: StatusBars;
  readonly #composer: Composer;
  readonly #ending: Ending;
  readonly #menu: Menu;
  readonly #title = h("h2", { id: "title", dir: "auto" });
  readonly #subtitle = h("p", { dir: "auto" });
  readonly #avatar = new Region(h("span", { class: "avatar" }));
  readonly #failure = new Region(h("div", { class: "failure", hidden: true }));
  readonly #toast = h("p", { class: "toast", hidden: true });
  #toastTimer: ReturnType<typeof setTimeout> | undefined;
  #receipt = "";
  #firstPosition = 0;
  #lastPosition = 0;

  constructor(around: Surroundings) {
    this.#around = around;
    const { session, settings, language, announce } = around;
    this.session = session;
    this.settings = settings;
    this.language = language;
    this.announce = announce;
    this.#list = new MessageList(this);
    this.#scroller = new Scroller(this.say("messages"), this.say("newBelow"), () => void session.loadOlder(), this.#list.element);
    this.#bars = new StatusBars(this);
    this.#composer = new Composer(this, around.drafts);
    this.#ending = new Ending(this, () => this.#saveTranscript(), () => this.#startAgain());
    this.#menu = new Menu(this, {
      saveTranscript: () => this.#saveTranscript(),
      startAgain: () => this.#startAgain(),
      erase: () => void this.#erase(),
      sound: () => around.shelf.get("sound") === true,
      setSound: (on) => around.shelf.set("sound", on),
    });
    this.element = this.#buildPanel();
    addStyles(around.root.getRootNode() as ShadowRoot, styles);
    visualViewport?.addEventListener("resize", () => this.#fitViewport());
    visualViewport?.addEventListener("scroll", () => this.#fitViewport());
  }

  say: Language["say"] = (key, values) => this.language.say(key, values);

  botName = (): string => this.session.config?.bot_name || this.settings.botName || this.say("assistant");

  show(): void {
    this.element.hidden = false;
    void this.session.load();
    this.draw();
    this.#fitViewport();
    this.#composer.fit();
    this.#scroller.toEnd();
    this.refocus();
  }

  hide(): void {
    this.#menu.leave(null);
    this.element.hidden = true;
  }

  arrived(items: readonly Item[]): void {
    for (const item of items) {
      if (item.speaker === "system") this.announce(systemText(this, item));
      else if (item.speaker !== "customer") this.announce(`${speakerName(this, item)}: ${plainText(parse(item.text))}`);
    }
  }

  send(message: Omit<Outgoing, "client_id">, files: Attachment[] = []): void {
    this.session.send(message, files);
    this.#scroller.toEnd();
  }

  choose(choice: Choice): void {
    const { payload, title } = choice;
    this.send(payload.startsWith("/") ? { payload, title } : { text: payload || title });
  }

  async attempt(act: Promise<unknown>): Promise<boolean> {
    try {
      await act;
      return true;
    } catch {
      this.#complain(this.say("failed"));
      return false;
    }
  }

  save(blob: Blob, name: string): void {
    const address = URL.createObjectURL(blob);
    const link = h("a", { href: address, download: name, hidden: true });
    this.element.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(address), 10_000);
  }

  forgotten(): void {
    this.#composer.clear();
  }

  refocus(): void {
    if (this.element.hidden) return;
    const again = this.#ending.element.querySelector<HTMLElement>("[data-k=again]");
    const coarse = matchMedia("(pointer: coarse)").matches;
    // On a phone the keyboard comes up only when the customer asks for it.
    (again ?? (coarse ? this.#scroller.element : this.#composer.field)).focus({ preventScroll: true });
  }

  draw(): void {
    const { session } = this;
    this.#drawHeader();
    this.#bars.update();
    const first = session.items[0]?.position ?? 0;
    const last = session.items.at(-1)?.position ?? 0;
    const above = this.#firstPosition > 0 && first > 0 && first < this.#firstPosition;
    const fresh = last > this.#lastPosition;
    this.#firstPosition = first;
    this.#lastPosition = last;
    this.#scroller.change(() => this.#list.update(this.#receipt), { above, fresh });
    // Over what can be read and answered nothing may lie: there the chat goes on without it, and it is asked for again.
    const nothingToRead = !session.items.length && !session.earlier.length && !session.outbox.all().length;
    const failed = session.configFailed && !session.config && nothingToRead;
    this.#failure.show(String(failed), () => (failed ? this.#failureNote() : []));
    this.#composer.element.hidden = session.conversation?.state === "closed";
    this.#composer.update();
    this.#ending.update();
    if (!document.hidden) session.markRead();
  }

  /** Whether the key was used here. */
  key(event: KeyboardEvent): boolean {
    if (event.key === "Escape") return this.#menu.close();
    if (event.key === "Tab" && matchMedia(COVERS).matches) this.#keepInside(event);
    return false;
  }

  #buildPanel(): HTMLElement {
    const { language } = this;
    const close = iconButton("close", language.say("close"), () => this.#around.close());
    const words = h("div", { class: "header-words" }, this.#title, this.#subtitle);
    const header = h("header", { class: "header" }, this.#avatar.element, words, this.#menu.button, close, this.#menu.element);
    const messages = h("div", { class: "messages" }, this.#scroller.element, this.#scroller.jump, this.#failure.element, this.#toast);
    const panel = h(
      "section",
      { class: "panel", role: "dialog", "aria-labelledby": "title", hidden: true },
      ...[header, this.#bars.element, messages, this.#composer.element, this.#ending.element],
    );
    panel.addEventListener("pointerdown", (event) => this.#menu.leave(event.target));
    panel.addEventListener("focusout", (event) => event.relatedTarget && this.#menu.leave(event.relatedTarget));
    return panel;
  }

  #drawHeader(): void {
    const { session, language } = this;
    const agent = session.conversation?.state === "agent" ? session.conversation.agent : null;
    this.#title.textContent = agent?.name ?? this.botName();
    const role = agent ? language.say("team") : language.say("automated");
    const company = session.config?.company || this.settings.company;
    this.#subtitle.textContent = company ? `${role} · ${company}` : role;
    this.#avatar.show(agent ? "person" : "bot", () => [icon(agent ? "person" : "bot")]);
    this.element.setAttribute("aria-modal", String(matchMedia(COVERS).matches));
  }

  #failureNote(): HTMLElement[] {
    const again = h("button", { type: "button", class: "primary", onclick: () => void this.session.load() }, this.language.say("tryAgain"));
    return [h("p", {}, this.language.say("loadFailed")), again];
  }

  #complain(text: string): void {
    this.#toast.textContent = text;
    this.#toast.hidden = false;
    this.announce(text);
    clearTimeout(this.#toastTimer);
    this.#toastTimer = setTimeout(() => {
      this.#toast.hidden = true;
    }, 6_000);
  }

  #saveTranscript(): void {
    const name = `${this.session.config?.company || "chat"}-${new Date().toISOString().slice(0, 10)}.txt`;
    void this.attempt(this.session.transcript().then((blob) => this.save(blob, name)));
  }

  #startAgain(): void {
    void this.session.startAgain().then(() => this.refocus());
  }

  async #erase(): Promise<void> {
    const erased = this.session.erase().then((receipt) => {
      this.#receipt = receipt;
    });
    if (!(await this.attempt(erased))) return;
    this.announce(this.language.say("erased"));
    this.refocus();
    this.#around.update();
  }

  /** Where the panel covers the page, the focus must not wander behind it. */
  #keepInside(event: KeyboardEvent): void {
    const inside = [...this.element.querySelectorAll<HTMLElement>("button, [href], input, textarea, summary, [tabindex='0']")];
    const reachable = inside.filter((element) => element.checkVisibility() && !(element as HTMLButtonElement).disabled);
    const edge = event.shiftKey ? reachable[0] : reachable.at(-1);
    const other = event.shiftKey ? reachable.at(-1) : reachable[0];
    if ((this.#around.root.getRootNode() as ShadowRoot).activeElement !== edge) return;
    event.preventDefault();
    other?.focus();
  }

  /** On a phone the panel is as high as what the keyboard leaves. */
  #fitViewport(): void {
    const view = visualViewport;
    if (!view || this.element.hidden) return;
    // Zoomed in by the fingers, the page is looked at through a hole: the panel stays as it is.
    const zoomed = view.scale > 1.05;
    this.element.style.setProperty("--view-height", zoomed ? "100dvh" : `${view.height}px`);
    this.element.style.setProperty("--view-top", zoomed ? "0px" : `${view.offsetTop}px`);
  }
}
