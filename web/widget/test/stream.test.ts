import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { failure, type Sink } from "../src/backend.ts";
import { type Link, Stream } from "../src/stream.ts";
import type { Item } from "../src/wire.ts";
import { item } from "./fakes.ts";

Object.defineProperty(globalThis, "navigator", { value: { onLine: true }, configurable: true }); // Node 20 has none

/** A stream whose connections the test ends as it likes, on a clock of its own. */
function scripted(t: TestContext) {
  t.mock.timers.enable({ apis: ["setTimeout", "setInterval"] });
  const connections: { sink: Sink; end(error?: unknown): void }[] = [];
  const links: Link[] = [];
  let rejected = 0;
  let clock = 0;
  const follow = (sink: Sink, signal: AbortSignal) =>
    new Promise<void>((resolve, reject) => {
      signal.addEventListener("abort", () => resolve());
      connections.push({ sink, end: (error) => (error ? reject(error) : resolve()) });
    });
  const nothing = () => undefined;
  const heard: number[] = [];
  const ears = { item: ({ position }: Item) => void heard.push(position), conversation: nothing, typing: nothing, seen: nothing };
  const hooks = { link: (link: Link) => void links.push(link), rejected: () => void (rejected += 1) };
  const stream = new Stream(follow, ears, hooks, () => clock);
  const settle = async () => {
    for (let n = 0; n < 10; n++) await Promise.resolve();
  };
  const pass = async (ms: number, step = 1_000) => {
    await settle();
    for (let passed = 0; passed < ms; passed += step) {
      clock += step;
      t.mock.timers.tick(step);
      await settle();
    }
  };
  const sleep = (ms: number) => {
    clock += ms; // the computer slept: time went on, timers did not
  };
  return { stream, connections, links, heard, pass, sleep, rejected: () => rejected };
}

test("a broken stream is opened again, and only a second failure is worth words", async (t) => {
  const { stream, connections, links, pass } = scripted(t);
  stream.start();
  connections[0]?.sink.opened();
  connections[0]?.sink.beat();
  connections[0]?.end();
  await pass(1_000);
  assert.equal(connections.length, 2);
  assert.deepEqual(links, ["connecting", "ok", "connecting", "connecting"]);
  connections[1]?.end();
  await pass(0);
  assert.equal(links.at(-1), "down");
  stream.stop();
});

test("a stream that says nothing for forty seconds is dead", async (t) => {
  const { stream, connections, pass } = scripted(t);
  stream.start();
  connections[0]?.sink.opened();
  await pass(50_000);
  assert.equal(connections.length, 2);
  stream.stop();
});

test("a server that takes connections and says nothing is told, until it speaks again", async (t) => {
  const { stream, connections, links, pass } = scripted(t);
  stream.start();
  connections[0]?.sink.opened();
  connections[0]?.sink.beat();
  await pass(50_000);
  assert.equal(links.at(-1), "down");
  connections.at(-1)?.sink.opened();
  assert.equal(links.at(-1), "ok");
  stream.stop();
});

test("after the computer has slept the stream is opened again at once", async (t) => {
  const { stream, connections, links, pass, sleep } = scripted(t);
  stream.start();
  connections[0]?.sink.opened();
  await pass(5_000);
  sleep(3_600_000);
  await pass(5_000);
  assert.equal(connections.length, 2);
  assert.equal(links.at(-1), "connecting"); // worth no words
  stream.stop();
});

test("a token that is not taken ends the trying", async (t) => {
  const { stream, connections, pass, rejected } = scripted(t);
  stream.start();
  connections[0]?.end(failure("token", ""));
  await pass(60_000);
  assert.equal(connections.length, 1);
  assert.equal(rejected(), 1);
});

test("what an abandoned connection still says is not heard", async (t) => {
  const { stream, connections, links, heard, pass } = scripted(t);
  stream.start();
  await pass(50_000);
  const before = links.length;
  connections[0]?.sink.opened();
  for (const { sink } of connections) sink.item(item(connections.findIndex((each) => each.sink === sink)));
  assert.equal(links.length, before);
  assert.deepEqual(heard, [1]);
  stream.stop();
});
