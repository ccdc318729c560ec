/** Tells a screen reader, once and when it has time. The text goes away again, so that nobody reads it a second time. */

import { h } from "./dom.ts";

const STAYS = 8_000;

export class Announcer {
  readonly element = h("div", { class: "sr", role: "status", "aria-live": "polite", "aria-atomic": "false" });

  say(text: string): void {
    const line = h("p", {}, text);
    this.element.append(line);
    setTimeout(() => line.remove(), STAYS);
  }
}
