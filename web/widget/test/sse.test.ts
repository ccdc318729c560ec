import assert from "node:assert/strict";
import { test } from "node:test";
import { EventStreamParser } from "../src/sse.ts";

const STREAM =
  ": hello\n\nevent: item\nid: 7\ndata: {\"a\":\ndata: 1}\n\nevent: two\r\ndata: b\r\n\r\nevent: empty\n\nid: 8\rdata:c\r\rnonsense\ndata\n\n";
const WANTED = [
  { event: "item", data: '{"a":\n1}', id: "7" },
  { event: "two", data: "b", id: "7" },
  { event: "message", data: "c", id: "8" },
  { event: "message", data: "", id: "8" },
];

test("the same events are read wherever the stream is cut", () => {
  for (let size = 1; size <= STREAM.length; size++) {
    const parser = new EventStreamParser();
    const found = [];
    for (let at = 0; at < STREAM.length; at += size) found.push(...parser.push(STREAM.slice(at, at + size)));
    assert.deepEqual(found, WANTED, `pieces of ${size}`);
  }
});

test("a line or an event without an end is given up", () => {
  assert.throws(() => new EventStreamParser().push(`data: ${"x".repeat(1_100_000)}`));
  const parser = new EventStreamParser();
  assert.throws(() => {
    for (let n = 0; n < 20; n++) parser.push(`data: ${"x".repeat(100_000)}\n`);
  });
});
