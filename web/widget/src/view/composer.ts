/** Where the customer writes: text, files, and the way to a person. */

import type { Shelf } from "../shelf.ts";
import { Uploads } from "./uploads.ts";
import type { View } from "./context.ts";
import { h, icon, iconButton } from "./dom.ts";

const TYPING_EVERY = 4_000;
const TYPING_ENDS = 5_000;

export class Composer {
  readonly element: HTMLElement;
  readonly field: HTMLTextAreaElement;
  readonly #counter = h("span", { class: "counter", id: "counter" });
  readonly #submit: HTMLButtonElement;
  readonly #person: HTMLButtonElement;
  readonly #attach: HTMLButtonElement;
  readonly #uploads: Uploads;
  #told = 0;
  #quiet: ReturnType<typeof setTimeout> | undefined;

  readonly #view: View;
  readonly #drafts: Shelf;

  constructor(
    view: View,
    drafts: Shelf,
  ) {
    this.#view = view;
    this.#drafts = drafts;
    const { language, session } = view;
    const write = language.say("write");
    this.field = h("textarea", {
      ...{ rows: 1, "aria-label": write, placeholder: write, enterkeyhint: "send", dir: "auto", "aria-describedby": "counter" },
      oninput: () => this.#typed(),
      onkeydown: (event) => this.#key(event as KeyboardEvent),
      onpaste: (event) => this.#pasted(event as ClipboardEvent),
    });
    this.#submit = h("button", { class: "send", "aria-label": language.say("send"), title: language.say("send") }, icon("send"));
    this.#uploads = new Uploads(view, () => this.#refresh());
    const pick = h("input", { type: "file", multiple: true, hidden: true, onchange: () => this.#picked(pick) });
    this.#attach = iconButton("attach", language.say("attach"), () => pick.click());
    this.#person = h(
      "button",
      { type: "button", class: "person", onclick: () => void view.attempt(session.person(language.say("person"))) },
      icon("person"),
      language.say("person"),
    );
    const box = h("div", { class: "box" }, this.field, this.#submit);
    const foot = h("div", { class: "foot" }, this.#attach, pick, this.#person, this.#counter);
    const onsubmit = (event: Event) => {
      event.preventDefault();
      this.#send();
    };
    this.element = h("form", { class: "composer", onsubmit, novalidate: true }, this.#uploads.element, box, foot);
    this.field.value = drafts.get<string>("draft") ?? "";
  }

  update(): void {
    const { config, conversation } = this.#view.session;
    this.#attach.hidden = !config?.features.attachments;
    const hadFocus = this.#person.matches(":focus");
    this.#person.hidden = config?.features.person === false || (conversation ? conversation.state !== "bot" : false);
    if (hadFocus && this.#person.hidden) this.#view.refocus();
    this.#refresh();
  }

  clear(): void {
    this.field.value = "";
    this.#uploads.take();
    this.fit();
  }

  /** As tall as its text; measured only when it is shown. */
  fit(): void {
    this.field.style.height = "auto";
    if (this.field.scrollHeight) this.field.style.height = `${this.field.scrollHeight}px`;
  }

  #refresh(): void {
    const over = [...this.field.value].length - (this.#view.session.config?.limits.message_chars ?? 2000);
    this.#counter.textContent = over > 0 ? this.#view.say("tooLong", { n: over }) : "";
    const empty = !this.field.value.trim() && !this.#uploads.ready.length;
    this.#submit.disabled = over > 0 || empty || this.#uploads.busy;
  }

  #send(): void {
    this.#refresh();
    if (this.#submit.disabled) return;
    const text = this.field.value.trim();
    this.#view.send(text ? { text } : {}, this.#uploads.take());
    this.field.value = "";
    this.#typed();
    this.field.focus();
  }

  #typed(): void {
    this.#drafts.set("draft", this.field.value);
    this.fit();
    this.#refresh();
    clearTimeout(this.#quiet);
    if (!this.field.value) this.#tell(false);
    else {
      if (Date.now() - this.#told > TYPING_EVERY) this.#tell(true);
      this.#quiet = setTimeout(() => this.#tell(false), TYPING_ENDS);
    }
  }

  #tell(on: boolean): void {
    if (!on && !this.#told) return;
    this.#told = on ? Date.now() : 0;
    this.#view.session.sayTyping(on);
  }

  #key(event: KeyboardEvent): void {
    // While an input method composes a character, Enter chooses it.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.#send();
  }

  #pasted(event: ClipboardEvent): void {
    const files = [...(event.clipboardData?.files ?? [])];
    if (!files.length || this.#attach.hidden) return;
    event.preventDefault();
    this.#uploads.add(files);
  }

  #picked(pick: HTMLInputElement): void {
    this.#uploads.add([...(pick.files ?? [])]);
    pick.value = "";
    this.field.focus();
  }
}
