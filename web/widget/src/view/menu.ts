/** What is needed now and then, behind one button. */

import type { View } from "./context.ts";
import { type Child, h, iconButton } from "./dom.ts";

export interface MenuActs {
  saveTranscript(): void;
  startAgain(): void;
  erase(): void;
  sound(): boolean;
  setSound(on: boolean): void;
}

export class Menu {
  readonly button: HTMLButtonElement;
  readonly element = h("div", { class: "menu", id: "menu", hidden: true });

  readonly #view: View;
  readonly #acts: MenuActs;

  constructor(
    view: View,
    acts: MenuActs,
  ) {
    this.#view = view;
    this.#acts = acts;
    const about = { "aria-expanded": "false", "aria-controls": "menu" };
    this.button = iconButton("more", view.say("more"), () => this.#toggle(this.element.hidden === true), about);
  }

  /** Whether it was open. */
  close(): boolean {
    const wasOpen = !this.element.hidden;
    this.#toggle(false);
    if (wasOpen) this.button.focus();
    return wasOpen;
  }

  /** A click or the focus went elsewhere. */
  leave(target: EventTarget | null): void {
    const node = target instanceof Node ? target : null;
    if (!this.element.contains(node) && !this.button.contains(node)) this.#toggle(false);
  }

  #toggle(open: boolean): void {
    this.element.hidden = !open;
    this.button.setAttribute("aria-expanded", String(open));
    if (open) this.#show(this.#entries());
  }

  #show(children: Child[]): void {
    this.element.replaceChildren(...children.filter((child): child is Node => child instanceof Node));
    this.element.querySelector("button")?.focus();
  }

  #entries(): Child[] {
    const { language, session } = this.#view;
    const acts = this.#acts;
    const has = session.key !== null;
    const open = has && session.conversation?.state !== "closed";
    const sound = acts.sound();
    const gateway = !this.#view.settings.rasa;
    return [
      has && this.#entry(language.say("transcript"), acts.saveTranscript),
      this.#entry(language.say(sound ? "soundOff" : "soundOn"), () => acts.setSound(!sound)),
      has && this.#entry(language.say("restart"), acts.startAgain),
      open && gateway && this.#entry(language.say("end"), () => void this.#view.attempt(session.end())),
      has && h("button", { type: "button", class: "bad", onclick: () => this.#show(this.#sure()) }, language.say("erase")),
    ];
  }

  #entry(label: string, act: () => void): HTMLElement {
    const onclick = () => {
      this.close();
      act();
    };
    return h("button", { type: "button", onclick }, label);
  }

  #sure(): Child[] {
    const { language } = this.#view;
    const cancel = h("button", { type: "button", class: "choice", onclick: () => this.close() }, language.say("cancel"));
    const yes = this.#entry(language.say("eraseYes"), this.#acts.erase);
    yes.className = "danger";
    return [h("p", {}, language.say("eraseSure")), h("div", { class: "ending-row" }, cancel, yes)];
  }
}
