import assert from "node:assert/strict";
import { test } from "node:test";
import { safeLink } from "../src/links.ts";
import { type Inline, parseInline, parseMarkdown, plainText } from "../src/markdown.ts";

const SHOP = "https://shop.example/page";
const check = (address: string) => safeLink(address, SHOP);
const inline = (text: string) => parseInline(text, check);
const text = (value: string): Inline => ({ kind: "text", text: value });

test("bold, italic, code and links are read, and the rest stays text", () => {
  assert.deepEqual(inline("a **b** *c* `d` [e](https://f.example)"), [
    text("a "),
    { kind: "strong", parts: [text("b")] },
    text(" "),
    { kind: "em", parts: [text("c")] },
    text(" "),
    { kind: "code", text: "d" },
    text(" "),
    { kind: "link", href: "https://f.example/", parts: [text("e")] },
  ]);
});

test("a list stands between its paragraphs and keeps its first number", () => {
  const blocks = parseMarkdown("before\n3. three\n4. four\n\nafter\nline", check);
  assert.deepEqual(blocks, [
    { kind: "p", parts: [text("before")] },
    { kind: "ol", start: 3, items: [[text("three")], [text("four")]] },
    { kind: "p", parts: [text("after"), { kind: "break" }, text("line")] },
  ]);
});

test("HTML is text", () => {
  assert.deepEqual(inline('<img src=x onerror="alert(1)">'), [text('<img src=x onerror="alert(1)">')]);
});

test("a link with an address that is not allowed stays its source", () => {
  for (const address of ["javascript:alert(1)", "data:text/html,x", "//evil\\@x", "JaVaScRiPt:alert(1)"]) {
    assert.deepEqual(inline(`[x](${address})`), [text(`[x](${address})`)], address);
  }
});

test("underscores and stars inside words and sums are characters", () => {
  for (const plain of ["CP_5520_046", "2 * 3 * 4", "a_b_c.pdf", "5 ** 2"]) assert.deepEqual(inline(plain), [text(plain)]);
});

test("an address ends before the sentence does", () => {
  const [, link, rest] = inline("see https://a.example/b?c=d.");
  assert.deepEqual(link, { kind: "link", href: "https://a.example/b?c=d", parts: [text("https://a.example/b?c=d")] });
  assert.deepEqual(rest, text("."));
});

test("an e-mail address becomes a link to write to it", () => {
  assert.deepEqual(inline("ann@shop.example")[0], {
    kind: "link",
    href: "mailto:ann@shop.example",
    parts: [text("ann@shop.example")],
  });
});

test("what is opened and never closed costs no more than its length", () => {
  for (const hostile of ["**", "_a", "[", "`", "[a](", "*a ", "[[](", "``` \n", "1. \n"].map((piece) => piece.repeat(10_000))) {
    const before = performance.now();
    parseMarkdown(hostile, check);
    assert.ok(performance.now() - before < 1_500, hostile.slice(0, 10));
  }
});

test("the words alone are what is announced", () => {
  assert.equal(plainText(parseMarkdown("**Two** things:\n- a [b](https://c.example)\n- d", check)), "Two things: a b, d");
});
