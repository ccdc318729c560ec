import assert from "node:assert/strict";
import { test } from "node:test";

import type { Backend, Key, Page } from "../src/backend.ts";
import { Following } from "../src/following.ts";
import { Outbox } from "../src/outbox.ts";
import { Shelf } from "../src/shelf.ts";
import type { Conversation, Item } from "../src/wire.ts";

const item = (position: number): Item => ({ position, speaker: "customer", text: `${position}` }) as unknown as Item;

/** A tab beside the one that leads. */
class Follower extends Following {
  protected readonly leading = false;
  protected arrived = () => undefined;
  protected expired = () => undefined;
  protected changed = () => undefined;
  protected tell = () => undefined;
  protected reached = () => undefined;

  switchTo(key: Key): void {
    this.reset(key);
  }

  ask(): Promise<void> {
    return this.fill();
  }

  hear(items: Item[]): void {
    this.take(items, false);
  }
}

function follower(before: (key: Key) => Promise<Page>, position: number): Follower {
  const backend = { conversation: async () => ({ position }) as Conversation, before } as unknown as Backend;
  const shelf = new Shelf("test", null);
  return new Follower(backend, new Outbox(shelf), shelf);
}

test("what is still asked for the conversation before does not keep the next one empty", async () => {
  let release = (_page: Page): void => undefined;
  const slow = new Promise<Page>((resolve) => (release = resolve));
  const tab = follower(({ id }) => (id === "old" ? slow : Promise.resolve({ items: [item(1)], more: false })), 1);

  tab.switchTo({ id: "old", token: "a" });
  const old = tab.ask();
  tab.switchTo({ id: "new", token: "b" });
  await tab.ask();
  assert.deepEqual(tab.items.map(({ text }) => text), ["1"]);

  release({ items: [item(1), item(2)], more: false });
  await old;
  assert.deepEqual(tab.items.map(({ text }) => text), ["1"]);
});

test("an item that is told while the first page is on its way costs none of the page", async () => {
  let release = (_page: Page): void => undefined;
  const tab = follower(() => new Promise<Page>((resolve) => (release = resolve)), 3);
  tab.switchTo({ id: "one", token: "a" });
  const asked = tab.ask();
  await new Promise((resolve) => setImmediate(resolve));
  tab.hear([item(1)]);
  release({ items: [item(1), item(2), item(3)], more: false });
  await asked;
  assert.deepEqual(tab.items.map(({ position }) => position), [1, 2, 3]);
});
