import assert from "node:assert/strict";
import { test } from "node:test";
import { Timeline } from "../src/timeline.ts";
import { item } from "./fakes.ts";

const positions = (timeline: Timeline) => timeline.items.map(({ position }) => position);

test("an item that comes twice is shown once", () => {
  const timeline = new Timeline();
  timeline.append([item(1), item(2)]);
  assert.deepEqual(timeline.append([item(2), item(3), item(1)]).fresh.map(({ position }) => position), [3]);
  assert.deepEqual(positions(timeline), [1, 2, 3]);
});

test("a gap is told and nothing behind it is taken", () => {
  const timeline = new Timeline();
  timeline.append([item(1)]);
  assert.equal(timeline.append([item(3)]).gap, true);
  assert.deepEqual(positions(timeline), [1]);
  assert.equal(timeline.append([item(3), item(2)]).gap, false);
  assert.deepEqual(positions(timeline), [1, 2, 3]);
});

test("older pages are put in front, and one that brings nothing ends the asking", () => {
  const timeline = new Timeline();
  timeline.prepend([item(5), item(6)], true);
  timeline.prepend([item(3), item(4), item(5)], true);
  assert.deepEqual(positions(timeline), [3, 4, 5, 6]);
  timeline.prepend([], true);
  assert.equal(timeline.more, false);
});
