import assert from "node:assert/strict";
import { test } from "node:test";
import { readConversation, readItem, readItems } from "../src/reading.ts";

test("whatever a server says becomes an item that can be drawn", () => {
  const hostile: unknown[] = [null, 7, "x", [], { text: { toString: 1 } }, { buttons: "no", cards: [null, { buttons: [3] }] }];
  for (const value of hostile) {
    const found = readItem(value);
    assert.equal(typeof found.text, "string");
    assert.equal(found.speaker, "system");
    assert.ok(Array.isArray(found.buttons) && found.cards.every((card) => Array.isArray(card.buttons)));
  }
  assert.deepEqual(readItems("nothing"), []);
});

test("lists are cut, so that one message cannot fill the page", () => {
  const buttons = Array.from({ length: 5_000 }, () => ({ title: "a", payload: "b" }));
  assert.equal(readItem({ buttons }).buttons.length, 100);
});

test("numbers that stand for names are names, and what may be missing is null", () => {
  const found = readItem({ speaker: "bot", input: { kind: "orders", orders: [{ number: 10046 }] }, image: "" });
  assert.equal(found.input?.orders?.[0]?.number, "10046");
  assert.equal(found.image, null);
  assert.deepEqual(readConversation({ id: "c", state: "odd", queue: { position: 2, wait_seconds: null } }).queue, {
    position: 2,
    wait_seconds: null,
  });
});
