/** Where the messages stand: at the newest as long as the reader is there, and unmoved when older ones come in above. */

import type { Child } from "./dom.ts";
import { h, icon } from "./dom.ts";

const NEAR = 90;

export class Scroller {
  readonly element: HTMLElement;
  readonly jump: HTMLButtonElement;
  #atEnd = true;

  constructor(label: string, newBelow: string, older: () => void, content: Child) {
    this.element = h("div", { class: "scroll", tabindex: 0, role: "group", "aria-label": label }, content);
    this.jump = h("button", { type: "button", class: "jump", hidden: true, onclick: () => this.toEnd() }, icon("down"), newBelow);
    this.element.addEventListener("scroll", () => {
      this.#atEnd = this.#distance() < NEAR;
      if (this.#atEnd) this.jump.hidden = true;
      if (this.element.scrollTop < NEAR) older();
    });
    new ResizeObserver(() => this.#stay()).observe(this.element);
    // Pictures that arrive late push the newest message down.
    this.element.addEventListener("load", () => this.#stay(), true);
  }

  /** Changes the content and keeps the reader's place: `above` says that it grows at its beginning. */
  change(act: () => void, { above, fresh }: { above: boolean; fresh: boolean }): void {
    const { scrollHeight, scrollTop } = this.element;
    act();
    if (above) this.element.scrollTop = scrollTop + this.element.scrollHeight - scrollHeight;
    else if (this.#atEnd) this.toEnd();
    else if (fresh) this.jump.hidden = false;
  }

  toEnd(): void {
    this.#atEnd = true;
    this.jump.hidden = true;
    this.element.scrollTop = this.element.scrollHeight;
  }

  #stay(): void {
    if (this.#atEnd) this.toEnd();
  }

  #distance(): number {
    return this.element.scrollHeight - this.element.scrollTop - this.element.clientHeight;
  }
}
