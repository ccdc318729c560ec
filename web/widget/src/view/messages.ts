/** The list of messages. An entry's element is kept as long as what it shows is the same, so nothing flickers or loses focus. */

import type { Item } from "../wire.ts";
import type { View } from "./context.ts";
import { h } from "./dom.ts";
import { asksForContact, messageElement, type Place, typingElement, waitingElement } from "./message.ts";
import { choices } from "./parts.ts";

interface Entry {
  key: string;
  signature: string;
  build(): HTMLElement;
}

const ONE_BREATH = 5 * 60_000;

export class MessageList {
  readonly element = h("ol", { class: "list" });
  readonly #shown = new Map<string, { signature: string; element: HTMLElement }>();

  readonly #view: View;

  constructor(view: View) {
    this.#view = view;
  }

  update(receipt: string): void {
    const entries = this.#entries(receipt);
    const keys = new Set(entries.map((entry) => entry.key));
    const focused = this.element.querySelector(":focus");
    for (const [key, { element }] of this.#shown) {
      if (keys.has(key)) continue;
      element.remove();
      this.#shown.delete(key);
    }
    const elements = entries.map((entry) => this.#elementOf(entry)); // replaces in place, so before the order is looked at
    let next = this.element.firstElementChild;
    for (const element of elements) {
      if (element === next) next = next.nextElementSibling;
      else this.element.insertBefore(element, next);
    }
    if (focused && !focused.isConnected) this.#view.refocus();
  }

  /** All elements anew: the language has changed. */
  forget(): void {
    this.#shown.clear();
    this.element.replaceChildren();
  }

  #elementOf(entry: Entry): HTMLElement {
    const old = this.#shown.get(entry.key);
    if (old?.signature === entry.signature) return old.element;
    const element = entry.build();
    old?.element.replaceWith(element);
    this.#shown.set(entry.key, { signature: entry.signature, element });
    return element;
  }

  #entries(receipt: string): Entry[] {
    const { session } = this.#view;
    const { earlier, items, notice } = session;
    const entries: Entry[] = [];
    if (session.loadingOlder) entries.push(this.#note("older", "older"));
    if (earlier.length) entries.push(...this.#itemEntries(earlier, false));
    if (notice === "expired") entries.push(this.#note("notice-expired", "expired"));
    else if (notice === "erased") entries.push(this.#erased(receipt));
    if (!earlier.length && !session.more && session.config?.greeting) entries.push(this.#greeting(!items.length));
    entries.push(...this.#itemEntries(items, true));
    entries.push(...this.#waitingEntries());
    if (session.typing) {
      const { speaker, name } = session.typing;
      entries.push({
        key: "typing",
        signature: `${speaker} ${name}`,
        build: () => typingElement(this.#view) ?? h("li"),
      });
    }
    return entries;
  }

  #itemEntries(items: readonly Item[], current: boolean): Entry[] {
    const { session, language } = this.#view;
    const lastAsked = items.findLastIndex((item) => item.speaker === "customer");
    const lastInput = items.findLastIndex((item) => item.input);
    const open = current && session.conversation?.state !== "closed" && !session.outbox.next();
    return items.flatMap((item, index) => {
      const before = items[index - 1];
      const after = items[index + 1];
      const read = current && index === lastAsked && item.position <= session.seen && session.conversation?.state === "agent";
      const place: Place = {
        first: !before || !together(before, item),
        last: !after || !together(item, after),
        open: open && index > lastAsked,
        asks: open && index > lastAsked && index === lastInput && !(asksForContact(item) && session.contact === "left"),
        mark: read ? language.say("seen") : "",
      };
      const entry = {
        key: item.client_id ?? `item-${item.id}`,
        signature: JSON.stringify(place),
        build: () => messageElement(this.#view, item, place),
      };
      const day = language.day(item.at);
      return before && language.day(before.at) === day ? [entry] : [this.#day(`day-${item.id}`, day), entry];
    });
  }

  #waitingEntries(): Entry[] {
    const { session } = this.#view;
    const known = new Set(session.items.map((item) => item.client_id));
    const waiting = session.outbox.all().filter(({ message }) => !known.has(message.client_id));
    return waiting.map((each, index) => ({
      key: each.message.client_id,
      signature: `${each.failed} ${session.link}`,
      build: () => waitingElement(this.#view, each, index === 0),
    }));
  }

  #greeting(open: boolean): Entry {
    const { config, outbox } = this.#view.session;
    const offered = open && !outbox.all().length;
    const item = { ...NOTHING, text: config?.greeting ?? "", speaker: "bot" as const };
    const place = { first: true, last: false, open: false, asks: false, mark: "" };
    return {
      key: "greeting",
      signature: `${offered} ${item.text}`,
      build: () => {
        const element = messageElement(this.#view, item, place);
        const suggested = offered && choices(this.#view, config?.suggestions ?? []);
        if (suggested) element.append(suggested);
        return element;
      },
    };
  }

  #erased(receipt: string): Entry {
    const said = [this.#view.say("erased"), receipt && this.#view.say("receipt", { id: receipt })];
    return { key: "notice-erased", signature: receipt, build: () => note(said.filter(Boolean).join(" ")) };
  }

  #note(key: string, text: "older" | "expired"): Entry {
    return { key, signature: "", build: () => note(this.#view.say(text)) };
  }

  #day(key: string, day: string): Entry {
    return { key, signature: day, build: () => h("li", { class: "day" }, h("span", {}, day)) };
  }
}

const NOTHING: Item = {
  ...{ position: 0, id: "greeting", speaker: "bot", name: null, client_id: null, text: "", image: null },
  ...{ buttons: [], citations: [], cards: [], attachments: [], input: null, event: null, at: "" },
};

const note = (text: string): HTMLElement => h("li", { class: "note" }, h("p", {}, text));

function together(one: Item, other: Item): boolean {
  const apart = Date.parse(other.at) - Date.parse(one.at);
  return one.speaker === other.speaker && one.name === other.name && !(apart > ONE_BREATH);
}
