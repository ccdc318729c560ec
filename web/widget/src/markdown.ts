/**
 * The small part of Markdown that answers use: paragraphs, lists, bold, italic, code, links. Everything else stays the
 * text it is; there is no HTML in it. Length and depth are bounded: a hostile text costs no more than a long one.
 */

export type Inline =
  | { kind: "text"; text: string }
  | { kind: "break" }
  | { kind: "code"; text: string }
  | { kind: "strong" | "em"; parts: Inline[] }
  | { kind: "link"; href: string; parts: Inline[] };

export type Block =
  | { kind: "p"; parts: Inline[] }
  | { kind: "ul" | "ol"; start: number; items: Inline[][] }
  | { kind: "pre"; text: string };

/** Checks an address; null leaves the link's source as text. */
export type LinkCheck = (address: string, label: string) => string | null;

const LONGEST = 20_000;
const DEEPEST = 4;
const BULLET = /^\s{0,3}[-*•]\s+(.*)$/;
const NUMBER = /^\s{0,3}(\d{1,4})[.)]\s+(.*)$/;
const HEADING = /^#{1,6}\s+(.*?)\s*#*$/;

export function parseMarkdown(source: string, check: LinkCheck): Block[] {
  const blocks: Block[] = [];
  const lines = source.slice(0, LONGEST).split(/\r\n?|\n/);
  let paragraph: string[] = [];
  const close = () => {
    if (paragraph.length) blocks.push({ kind: "p", parts: parseInline(paragraph.join("\n"), check) });
    paragraph = [];
  };
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? "";
    if (line.startsWith("```")) {
      close();
      const end = lines.findIndex((other, index) => index > at && other.startsWith("```"));
      const last = end < 0 ? lines.length : end;
      blocks.push({ kind: "pre", text: lines.slice(at + 1, last).join("\n") });
      at = last;
    } else if (!line.trim()) close();
    else if (BULLET.test(line) || NUMBER.test(line)) {
      close();
      addListItem(blocks, line, isListBefore(lines, at), check);
    } else if (HEADING.test(line)) {
      close();
      blocks.push({ kind: "p", parts: [{ kind: "strong", parts: parseInline(HEADING.exec(line)?.[1] ?? "", check) }] });
    } else paragraph.push(line);
  }
  close();
  return blocks;
}

function isListBefore(lines: readonly string[], at: number): boolean {
  const before = lines[at - 1] ?? "";
  return BULLET.test(before) || NUMBER.test(before);
}

function addListItem(blocks: Block[], line: string, continues: boolean, check: LinkCheck): void {
  const number = NUMBER.exec(line);
  const kind = number ? "ol" : "ul";
  const parts = parseInline(number?.[2] ?? BULLET.exec(line)?.[1] ?? "", check);
  const open = blocks.at(-1);
  if (continues && open?.kind === kind) open.items.push(parts);
  else blocks.push({ kind, start: Number(number?.[1] ?? 1), items: [parts] });
}

const TOKEN =
  /(`+)|\\([\\`*_[\]()#-])|(\*\*|__|\*|_)|\[|(https?:\/\/[^\s<>"]+)|([\w.+-]{1,64}@[a-z\d-]+(?:\.[a-z\d-]+)+)|(\n)/gi;

export function parseInline(text: string, check: LinkCheck, depth = 0): Inline[] {
  const parts: Inline[] = [];
  const plain = (added: string) => {
    const last = parts.at(-1);
    if (last?.kind === "text") last.text += added;
    else if (added) parts.push({ kind: "text", text: added });
  };
  const token = new RegExp(TOKEN);
  let at = 0;
  for (let found = token.exec(text); found; found = token.exec(text)) {
    plain(text.slice(at, found.index));
    const taken = readToken(text, found, check, depth);
    if (taken.part) parts.push(taken.part);
    plain(taken.rest);
    at = token.lastIndex = taken.end;
  }
  plain(text.slice(at));
  return parts;
}

interface Taken {
  part: Inline | null;
  rest: string;
  end: number;
}

function readToken(text: string, found: RegExpExecArray, check: LinkCheck, depth: number): Taken {
  const [all, ticks, escaped, mark, address, email, newline] = found;
  const end = found.index + all.length;
  const literal: Taken = { part: null, rest: all, end };
  if (escaped) return { part: null, rest: escaped, end };
  if (newline) return { part: { kind: "break" }, rest: "", end };
  if (email) return linked(email, check(`mailto:${email}`, email), end) ?? literal;
  if (address) {
    const shown = address.replace(/[.,;:!?'*_)\]]+$/, "");
    return linked(shown, check(shown, shown), found.index + shown.length) ?? literal;
  }
  if (depth >= DEEPEST) return literal;
  if (ticks) return code(text, ticks, end) ?? literal;
  if (mark) return emphasis(text, mark, found.index, check, depth) ?? literal;
  return bracket(text, found.index, check, depth) ?? literal;
}

function linked(label: string, href: string | null, end: number): Taken | null {
  return href ? { part: { kind: "link", href, parts: [{ kind: "text", text: label }] }, rest: "", end } : null;
}

function code(text: string, ticks: string, from: number): Taken | null {
  const close = text.indexOf(ticks, from);
  if (close <= from) return null;
  return { part: { kind: "code", text: text.slice(from, close) }, rest: "", end: close + ticks.length };
}

function emphasis(text: string, mark: string, at: number, check: LinkCheck, depth: number): Taken | null {
  const from = at + mark.length;
  const letter = /[\p{L}\p{N}]/u;
  if (!text[from] || /\s/.test(text[from])) return null;
  // An underscore inside a word (an order's code, a file's name) is only a character.
  if (mark.startsWith("_") && letter.test(text[at - 1] ?? "")) return null;
  const close = text.indexOf(mark, from + 1);
  if (close < 0 || /\s/.test(text[close - 1] ?? "")) return null;
  const end = close + mark.length;
  if (mark.startsWith("_") && letter.test(text[end] ?? "")) return null;
  const parts = parseInline(text.slice(from, close), check, depth + 1);
  return { part: { kind: mark.length === 2 ? "strong" : "em", parts }, rest: "", end };
}

function bracket(text: string, at: number, check: LinkCheck, depth: number): Taken | null {
  const middle = text.indexOf("](", at + 1);
  const end = middle < 0 ? -1 : text.indexOf(")", middle + 2);
  if (end < 0) return null;
  const label = text.slice(at + 1, middle);
  const href = label.includes("[") ? null : check(text.slice(middle + 2, end), label);
  if (!href) return null;
  const parts = parseInline(label, (_address) => null, depth + 1);
  return { part: { kind: "link", href, parts }, rest: "", end: end + 1 };
}

/** The words alone, for a screen reader's announcement. */
export function plainText(blocks: readonly Block[]): string {
  const inline = (parts: readonly Inline[]): string =>
    parts.map((p) => (p.kind === "break" ? " " : "text" in p ? p.text : inline(p.parts))).join("");
  return blocks
    .map((b) => (b.kind === "pre" ? b.text : b.kind === "p" ? inline(b.parts) : b.items.map(inline).join(", ")))
    .join(" ");
}
