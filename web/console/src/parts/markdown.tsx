/** Messages' Markdown as elements: what is not understood stays the text it is; links are checked; there is no HTML. */

import type { ComponentChildren } from "preact";
import { addressPieces, misleads, safeLink } from "../../../widget/src/links.ts";
import { type Block, type Inline, parseMarkdown, plainText } from "../../../widget/src/markdown.ts";

/** The address to follow, or null. A link whose words promise another host stays text: staff are phished too. */
function check(address: string, label: string): string | null {
  const href = safeLink(address, location.href);
  return href && !misleads(label, href) ? href : null;
}

export function Markdown({ text }: { text: string }) {
  return <div class="markdown">{parseMarkdown(text, check).map(drawBlock)}</div>;
}

/** The words alone, for one line of a list. */
export const plain = (text: string): string => plainText(parseMarkdown(text, () => null));

function drawBlock(block: Block): ComponentChildren {
  if (block.kind === "p") return <p>{block.parts.map(drawInline)}</p>;
  if (block.kind === "pre") {
    return (
      <pre>
        <code>{block.text}</code>
      </pre>
    );
  }
  const items = block.items.map((parts) => <li>{parts.map(drawInline)}</li>);
  return block.kind === "ul" ? <ul>{items}</ul> : <ol start={block.start}>{items}</ol>;
}

function drawInline(part: Inline): ComponentChildren {
  switch (part.kind) {
    case "text":
      return part.text;
    case "break":
      return <br />;
    case "code":
      return <code>{part.text}</code>;
    case "strong":
      return <strong>{part.parts.map(drawInline)}</strong>;
    case "em":
      return <em>{part.parts.map(drawInline)}</em>;
    case "link":
      return (
        <a href={part.href} target="_blank" rel="noopener noreferrer nofollow">
          {part.parts.map((one) => (one.kind === "text" ? addressPieces(one.text).flatMap((piece, at) => (at ? [<wbr />, piece] : [piece])) : drawInline(one)))}
        </a>
      );
  }
}
