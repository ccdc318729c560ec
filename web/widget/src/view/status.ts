/** What stands between header and messages: the connection, the queue, the opening hours. */

import type { View } from "./context.ts";
import { type Child, h, Region } from "./dom.ts";
import { contactForm } from "./inputs.ts";
import { asksForContact } from "./message.ts";

export class StatusBars {
  readonly element = h("div", { class: "bars" });
  readonly #link = new Region(h("div", { class: "bar warn", hidden: true }));
  readonly #queue: Region;
  readonly #contact: Region;
  #said = "";

  readonly #view: View;

  constructor(view: View) {
    this.#view = view;
    const lost = () => view.refocus();
    this.#queue = new Region(h("div", { class: "bar", hidden: true }), lost);
    this.#contact = new Region(h("div", { class: "bar", hidden: true }), lost);
    this.element.append(this.#link.element, this.#queue.element, this.#contact.element);
  }

  update(): void {
    const { session, language } = this.#view;
    const { link, conversation, contact } = session;
    const trouble = link === "offline" || link === "down" ? link : null;
    this.#link.show(String(trouble), () => [trouble && h("p", {}, language.say(trouble))]);
    const queued = conversation?.state === "queued";
    const place = queued ? this.#place() : "";
    this.#queue.show(place, () => (queued ? this.#queueBar(place) : []));
    const asked = !conversation?.opening.open && (queued || contact === "asked") && !this.#askedInMessages();
    const away = conversation && (contact === "left" || asked);
    this.#contact.show(away ? `${contact} ${conversation.opening.text}` : "", () => (away ? this.#contactBar() : []));
    this.#tell(trouble ? language.say(trouble) : place, trouble !== null);
  }

  #askedInMessages(): boolean {
    const { items } = this.#view.session;
    return items.slice(items.findLastIndex((item) => item.speaker === "customer") + 1).some(asksForContact);
  }

  #place(): string {
    const { language, session } = this.#view;
    const queue = session.conversation?.queue;
    const where = queue?.position ? language.say("queue", { n: queue.position }) : language.say("queueSoon");
    const wait = queue?.wait_seconds ? ` ${language.say("wait", { time: language.minutes(queue.wait_seconds) })}` : "";
    return where + wait;
  }

  #queueBar(place: string): Child[] {
    const { language, session } = this.#view;
    const onclick = () => void this.#view.attempt(session.stopWaiting());
    const stop = h("button", { type: "button", class: "link", "data-k": "stop", onclick }, language.say("stopWaiting"));
    return [h("div", { class: "bar-row" }, h("span", { class: "pulse" }), h("p", {}, place), stop)];
  }

  #contactBar(): Child[] {
    const { language, session } = this.#view;
    const text = session.conversation?.opening.text;
    const hours = text ? h("p", { dir: "auto" }, text) : null;
    if (session.contact === "left") return [h("p", {}, language.say("contactThanks"))];
    return [hours, h("p", {}, language.say("contactAsk")), contactForm(this.#view)];
  }

  /** Once for each change; that the trouble is over is worth a word, too. */
  #tell(words: string, trouble: boolean): void {
    if (words === this.#said) return;
    const wasTrouble = this.#said.startsWith("!");
    const now = words && trouble ? `!${words}` : words;
    if (now === this.#said) return;
    this.#said = now;
    if (words) this.#view.announce(words);
    else if (wasTrouble) this.#view.announce(this.#view.say("back"));
  }
}
