/** The script: reads its own tag, puts the element on the page, and opens the JavaScript API. */

import { FrontdeskChat } from "./element.ts";
import type { Emitter } from "./emitter.ts";
import { addTexts } from "./texts/language.ts";
import type { Texts } from "./texts/english.ts";
import type { PageContext } from "./wire.ts";

const TAG = "frontdesk-chat";

type Early = (api: Api) => void;

class Api {
  readonly version = 1;

  readonly #chat: FrontdeskChat;

  constructor(chat: FrontdeskChat) {
    this.#chat = chat;
  }

  open = () => this.#chat.open();
  close = () => this.#chat.close();
  send = (text: string) => this.#chat.send(text);
  identify = (identity: string | null) => this.#chat.identify(identity);
  page = (context: PageContext) => this.#chat.setPage(context);
  on: Emitter["on"] = (event, listener) => this.#chat.events.on(event, listener);
  off: Emitter["off"] = (event, listener) => this.#chat.events.off(event, listener);
  addTexts = addTexts;
  /** What is pushed before the script has loaded waits; afterwards it runs at once. */
  push = (then: Early) => then(this);
}

interface Page {
  Frontdesk?: Api | Early[];
  FrontdeskTexts?: Record<string, Partial<Texts>>;
}

function start(): void {
  const page = window as Window & Page;
  if (customElements.get(TAG)) return; // the script stands on the page twice
  const tag = document.currentScript instanceof HTMLScriptElement ? document.currentScript : null;
  if (tag) FrontdeskChat.script = { address: tag.src || location.href, attribute: (name) => tag.getAttribute(`data-${name}`) };
  for (const [language, texts] of Object.entries(page.FrontdeskTexts ?? {})) addTexts(language, texts);
  customElements.define(TAG, FrontdeskChat);
  const early = Array.isArray(page.Frontdesk) ? page.Frontdesk : [];
  const place = () => {
    const there = document.querySelector<FrontdeskChat>(TAG);
    const chat = there ?? (document.createElement(TAG) as FrontdeskChat);
    const api = new Api(chat);
    page.Frontdesk = api;
    for (const then of early) api.push(then);
    if (!there) document.body.append(chat);
    window.dispatchEvent(new CustomEvent("frontdesk:ready", { detail: api }));
  };
  if (document.body) place();
  else document.addEventListener("DOMContentLoaded", place);
}

start();
