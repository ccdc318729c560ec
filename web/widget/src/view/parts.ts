/** What may stand below a message's text: choices, cards, sources, pictures, files. */

import { safeLink, safePicture } from "../links.ts";
import type { Attachment, Card, Choice, Citation } from "../wire.ts";
import type { View } from "./context.ts";
import { h, icon } from "./dom.ts";
import { outward } from "./rich_text.ts";

/** Shown in the page; anything else, SVG above all, could carry a script and is only ever saved. */
const SHOWN = ["image/png", "image/jpeg", "image/gif", "image/webp"];

export function choices(view: View, buttons: readonly Choice[]): HTMLElement | null {
  if (!buttons.length) return null;
  const rows = buttons
    .filter((choice) => choice.title)
    .map((choice) =>
      h("li", {}, h("button", { type: "button", class: "choice", dir: "auto", onclick: () => view.choose(choice) }, choice.title)),
    );
  return h("ul", { class: "choices" }, ...rows);
}

export function cards(view: View, given: readonly Card[]): HTMLElement | null {
  if (!given.length) return null;
  const rows = given.map((card) =>
    h(
      "li",
      { class: "card" },
      card.image ? picture(view, card.image, "") : null,
      h(
        "div",
        { class: "card-words" },
        h("strong", { dir: "auto" }, card.title),
        card.subtitle && h("span", { class: "quiet", dir: "auto" }, card.subtitle),
        choices(view, card.buttons ?? []),
      ),
    ),
  );
  return h("ul", { class: "cards" }, ...rows);
}

export function sources(view: View, citations: readonly Citation[]): HTMLElement | null {
  if (!citations.length) return null;
  const newWindow = view.say("newWindow");
  const rows = citations.map((citation) => {
    const title = citation.title || citation.path.at(-1) || citation.entry_id;
    const href = citation.url && safeLink(citation.url, location.href);
    const path = citation.path.join(" › ");
    if (href) return h("li", { title: path || null }, outward(href, newWindow, icon("book"), h("span", { dir: "auto" }, title)));
    const summary = h("summary", {}, icon("book"), h("span", { dir: "auto" }, title));
    return h("li", {}, path && path !== title ? h("details", {}, summary, h("p", { dir: "auto" }, path)) : plainSource(title));
  });
  return h("div", { class: "sources" }, h("span", { class: "quiet" }, view.say("sources")), h("ul", {}, ...rows));
}

function plainSource(title: string): HTMLElement {
  return h("span", { class: "source" }, icon("book"), h("span", { dir: "auto" }, title));
}

/** A picture from an allowed place; from elsewhere only the link to it, so that nothing is fetched unasked. */
export function picture(view: View, address: string, description: string): HTMLElement | null {
  const { server, rasa, pictureHosts } = view.settings;
  const src = safePicture(address, location.href, rasa ?? server, pictureHosts);
  if (src) return h("img", { src, alt: description, loading: "lazy", referrerpolicy: "no-referrer" });
  const href = safeLink(address, location.href);
  return href ? outward(href, view.say("newWindow"), view.say("picture")) : null;
}

export function files(view: View, attachments: readonly Attachment[]): HTMLElement | null {
  if (!attachments.length) return null;
  return h("ul", { class: "files" }, ...attachments.map((file) => h("li", {}, fileButton(view, file))));
}

function fileButton(view: View, file: Attachment): HTMLElement {
  const { session, language } = view;
  const save = () => view.attempt(session.fetchFile(file).then((blob) => view.save(blob, file.name)));
  const label = language.say("download", { name: file.name });
  const words = h("span", { class: "file-words" }, h("bdi", {}, file.name), h("small", {}, language.bytes(file.size)));
  const button = h("button", { type: "button", class: "file", "aria-label": label, onclick: () => void save() }, icon("file"), words);
  if (SHOWN.includes(file.type)) void preview(view, file, button);
  return button;
}

async function preview(view: View, file: Attachment, button: HTMLElement): Promise<void> {
  try {
    const blob = await view.session.fetchFile(file);
    // The declared type decides, whatever the answer's header says.
    const src = URL.createObjectURL(new Blob([blob], { type: file.type }));
    const img = h("img", { src, alt: file.name, onload: () => URL.revokeObjectURL(src) });
    button.classList.add("shown");
    button.replaceChildren(img);
  } catch {
    // The file's name with its download stays.
  }
}
