import assert from "node:assert/strict";
import { test } from "node:test";
import { nameOf } from "../src/shell/shortcuts.ts";

const press = (key: string, held: Partial<Record<"ctrlKey" | "metaKey" | "altKey", boolean>> = {}) =>
  nameOf({ key, ctrlKey: false, metaKey: false, altKey: false, ...held });

test("a key press is written as the shortcut's keys are", () => {
  assert.equal(press("j"), "j");
  assert.equal(press("?"), "?");
  assert.equal(press("Enter", { ctrlKey: true }), "Ctrl+Enter");
  assert.equal(press("Enter", { metaKey: true }), "Ctrl+Enter");
  assert.equal(press("S", { ctrlKey: true }), "Ctrl+s");
  assert.equal(press("n", { altKey: true }), "Alt+n");
});
