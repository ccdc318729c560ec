/** One message of the conversation. */

import type { Waiting } from "../outbox.ts";
import type { Item } from "../wire.ts";
import type { View } from "./context.ts";
import { type Child, h, icon } from "./dom.ts";
import { contactForm, inputForm } from "./inputs.ts";
import { cards, choices, files, picture, sources } from "./parts.ts";
import { richText } from "./rich_text.ts";

export interface Place {
  /** The first of several by the same speaker: it says who that is. */
  first: boolean;
  /** The last of them: it says when. */
  last: boolean;
  /** The customer has not answered yet, so its choices can be taken. */
  open: boolean;
  /** It is the one whose question the customer is asked now. */
  asks: boolean;
  /** Said below it: sent, read, waiting. */
  mark: string;
}

export function messageElement(view: View, item: Item, place: Place): HTMLElement {
  if (item.speaker === "system") return systemElement(view, item, place);
  const mine = item.speaker === "customer";
  const body: Child[] = mine
    ? [h("p", { class: "plain", dir: "auto" }, item.text)]
    : richText(item.text, view.say("newWindow"));
  const beside = [item.image ? picture(view, item.image, view.say("picture")) : null, files(view, item.attachments)];
  const classes = ["message", item.speaker, place.first && "first", place.last && "last"].filter(Boolean).join(" ");
  return h(
    "li",
    { class: classes },
    place.first ? speakerLine(view, item) : h("span", { class: "sr" }, `${speakerName(view, item)}: `),
    item.text && h("div", { class: "bubble" }, ...body),
    ...beside,
    ...(mine ? [] : below(view, item, place)),
    place.last && h("div", { class: "meta" }, h("time", { datetime: item.at }, view.language.time(item.at)), place.mark && ` · ${place.mark}`),
  );
}

function below(view: View, item: Item, place: Place): Child[] {
  return [
    cards(view, place.open ? item.cards : item.cards.map((card) => ({ ...card, buttons: [] }))),
    sources(view, item.citations),
    place.open && choices(view, item.buttons),
    place.asks && item.input && (asksForContact(item) ? contactForm(view) : inputForm(view, item.input)),
  ];
}

/** Not the bot asks, but the house: where it may write to. */
export const asksForContact = (item: Item): boolean => item.speaker === "system" && item.input?.kind === "email";

/** A message that the server has not confirmed, with what can be done about it. */
export function waitingElement(view: View, waiting: Waiting, first: boolean): HTMLElement {
  const { session, language } = view;
  const { message, failed } = waiting;
  const id = message.client_id;
  const states = failed
    ? [
        h("span", { class: "bad" }, language.say("notSent")),
        h("button", { type: "button", class: "link", onclick: () => session.retry(id) }, language.say("tryAgain")),
        h("button", { type: "button", class: "link", onclick: () => session.discard(id) }, language.say("discard")),
      ]
    : [language.say(session.link === "ok" || session.link === "connecting" ? "sending" : "waits")];
  const text = message.title ?? message.text ?? "";
  return h(
    "li",
    { class: `message customer waiting last${first ? " first" : ""}` },
    h("span", { class: "sr" }, `${language.say("you")}: `),
    text && h("div", { class: "bubble" }, h("p", { class: "plain", dir: "auto" }, text)),
    files(view, waiting.files),
    h("div", { class: "meta" }, ...states),
  );
}

export function typingElement(view: View): HTMLElement | null {
  const { typing, conversation } = view.session;
  if (!typing) return null;
  const name = typing.speaker === "bot" ? view.botName() : (typing.name ?? conversation?.agent?.name ?? view.say("team"));
  const dots = h("span", { class: "dots", "aria-hidden": "true" }, h("i"), h("i"), h("i"));
  return h(
    "li",
    { class: `message ${typing.speaker} typing` },
    h("div", { class: "bubble" }, dots, h("span", { class: "sr" }, view.say("typing", { name }))),
  );
}

export function speakerName(view: View, item: Item): string {
  if (item.speaker === "customer") return view.say("you");
  if (item.speaker === "agent") return item.name ?? view.say("team");
  return item.speaker === "bot" ? view.botName() : "";
}

function speakerLine(view: View, item: Item): HTMLElement {
  if (item.speaker === "customer") return h("span", { class: "sr" }, `${view.say("you")}: `);
  const bot = item.speaker === "bot";
  return h(
    "div",
    { class: "speaker" },
    h("span", { class: "avatar" }, icon(bot ? "bot" : "person")),
    h("span", { class: "name", dir: "auto" }, speakerName(view, item)),
    h("span", { class: "badge" }, view.say(bot ? "automatedShort" : "team")),
  );
}

const EVENTS = {
  handoff_queued: "queued",
  agent_joined: "joined",
  agent_left: "left",
  back_to_bot: "botAgain",
  stopped_waiting: "stopped",
  closed: "closed",
} as const;

export function systemText(view: View, item: Item): string {
  const key = EVENTS[item.event as keyof typeof EVENTS];
  return item.text || (key ? view.say(key, { name: item.name ?? view.say("team") }) : "");
}

function systemElement(view: View, item: Item, place: Place): HTMLElement {
  return h("li", { class: "message system" }, h("p", { dir: "auto" }, systemText(view, item)), ...below(view, item, place));
}
