/** A customer's words: every character as it was typed. Only addresses become links; a mark is never taken for a style. */

import { safeLink } from "../../../widget/src/links.ts";

const ADDRESS = /https?:\/\/[^\s<>"]+|[\w.+-]{1,64}@[a-z\d-]+(?:\.[a-z\d-]+)+/gi;
const SENTENCE_END = /[.,;:!?'*_)\]]+$/;

export function PlainText({ text }: { text: string }) {
  return <p class="plain-text">{partsOf(text)}</p>;
}

/** The same for one line of a list. */
export const oneLine = (text: string): string => text.replace(/\s+/g, " ").trim();

function partsOf(text: string) {
  const parts = [];
  let at = 0;
  for (const found of text.matchAll(ADDRESS)) {
    const shown = found[0].replace(SENTENCE_END, "");
    const href = safeLink(shown.includes("://") ? shown : `mailto:${shown}`, location.href);
    if (!href) continue;
    parts.push(
      text.slice(at, found.index),
      <a href={href} target="_blank" rel="noopener noreferrer nofollow">
        {shown}
      </a>,
    );
    at = found.index + shown.length;
  }
  return [...parts, text.slice(at)];
}
