/** A message's Markdown as elements. */

import { type Block, type Inline, parseMarkdown } from "../markdown.ts";
import { addressPieces, misleads, safeLink } from "../links.ts";
import { h } from "./dom.ts";

export function parse(source: string): Block[] {
  return parseMarkdown(source, (address, label) => {
    const href = safeLink(address, location.href);
    return href && !misleads(label, href) ? href : null;
  });
}

export function richText(source: string, newWindow: string): HTMLElement[] {
  const inline = (parts: readonly Inline[]): (Node | string)[] =>
    parts.map((part) => {
      if (part.kind === "text") return part.text;
      if (part.kind === "break") return h("br");
      if (part.kind === "code") return h("code", {}, part.text);
      if (part.kind === "link") return outward(part.href, newWindow, ...inline(part.parts).flatMap(breakable));
      return h(part.kind, {}, ...inline(part.parts));
    });
  return parse(source).map((block) => {
    if (block.kind === "p") return h("p", { dir: "auto" }, ...inline(block.parts));
    if (block.kind === "pre") return h("pre", { tabindex: 0 }, h("code", {}, block.text));
    const start = block.kind === "ol" && block.start !== 1 ? block.start : null;
    return h(block.kind, { start, dir: "auto" }, ...block.items.map((item) => h("li", { dir: "auto" }, ...inline(item))));
  });
}

function breakable(shown: Node | string): (Node | string)[] {
  if (typeof shown !== "string") return [shown];
  return addressPieces(shown).flatMap((piece, at) => (at ? [h("wbr"), piece] : [piece]));
}

/** A link that leaves the page as it is and tells the target nothing. `href` has been checked. */
export function outward(href: string, newWindow: string, ...children: (Node | string)[]): HTMLAnchorElement {
  if (!/^https?:/.test(href)) return h("a", { href }, ...children);
  const told = h("span", { class: "sr" }, ` (${newWindow})`);
  return h("a", { href, target: "_blank", rel: "noopener noreferrer nofollow" }, ...children, told);
}
