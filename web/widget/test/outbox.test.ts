import assert from "node:assert/strict";
import { test } from "node:test";
import { failure } from "../src/backend.ts";
import { Outbox, type Waiting } from "../src/outbox.ts";
import { Sender } from "../src/sender.ts";
import { MemoryStorage, shelf } from "./fakes.ts";

const ids = (outbox: Outbox) => outbox.all().map((waiting) => waiting.message.client_id);

test("messages keep their order, also when the clock stands still or goes back", () => {
  const times = [5_000, 5_000, 4_000, 9_000];
  const outbox = new Outbox(shelf(), () => times.shift() ?? 9_000);
  for (const client_id of ["z", "a", "m"]) outbox.add({ client_id, text: "x" }, []);
  assert.deepEqual(ids(outbox), ["z", "a", "m"]);
});

test("two tabs add to one outbox, and a reload forgets nothing", () => {
  const storage = new MemoryStorage();
  const [one, other] = [new Outbox(shelf(storage)), new Outbox(shelf(storage))];
  one.add({ client_id: "a", text: "1" }, []);
  other.add({ client_id: "b", text: "2" }, []);
  one.add({ client_id: "c", text: "3" }, []);
  assert.deepEqual(ids(new Outbox(shelf(storage))), ["a", "b", "c"]);
});

test("a message that failed keeps its place and no longer holds up the others", () => {
  const outbox = new Outbox(shelf());
  outbox.add({ client_id: "a", text: "1" }, []);
  outbox.add({ client_id: "b", text: "2" }, []);
  outbox.mark("a", true);
  assert.equal(outbox.next()?.message.client_id, "b");
  outbox.mark("a", false);
  assert.equal(outbox.next()?.message.client_id, "a");
});

test("a storage that is full or forbidden is replaced by memory", () => {
  const full = new MemoryStorage();
  full.full = true;
  for (const storage of [full, null]) {
    const outbox = new Outbox(shelf(storage));
    outbox.add({ client_id: "a", text: "1" }, []);
    assert.deepEqual(ids(outbox), ["a"]);
  }
});

interface Script {
  resends?: boolean;
  answers: (unknown | null)[];
}

/** A sender over a scripted server: each answer is a failure or null for "taken". */
function scripted(script: Script) {
  const outbox = new Outbox(shelf());
  const sent: string[] = [];
  let lost = 0;
  const sender = new Sender(outbox, {
    resends: script.resends ?? true,
    send: async ({ message }: Waiting) => {
      sent.push(message.client_id);
      const answer = script.answers.shift();
      if (answer) throw answer;
    },
    changed: () => undefined,
    stuck: () => undefined,
    lost: async () => {
      lost += 1;
      return true;
    },
  });
  return { outbox, sent, sender, lost: () => lost };
}

const settled = () => new Promise((resolve) => setTimeout(resolve, 10));

test("what was not confirmed is sent again before anything after it, with the same id", async (t) => {
  const { outbox, sent, sender } = scripted({ answers: [null, failure("network", ""), failure("busy", "", 2), null] });
  t.mock.timers.enable({ apis: ["setTimeout"] });
  for (const client_id of ["a", "b", "c"]) outbox.add({ client_id, text: "x" }, []);
  sender.start();
  for (let n = 0; n < 8; n++) {
    for (let turn = 0; turn < 20; turn++) await Promise.resolve();
    t.mock.timers.tick(3_000);
  }
  assert.deepEqual(sent, ["a", "b", "b", "b", "c"]);
  assert.deepEqual(ids(outbox), []);
});

test("a message that is refused is marked, and the next one goes", async () => {
  const { outbox, sent, sender } = scripted({ answers: [failure("refused", ""), null] });
  for (const client_id of ["a", "b"]) outbox.add({ client_id, text: "x" }, []);
  sender.start();
  await settled();
  assert.deepEqual(sent, ["a", "b"]);
  assert.deepEqual(outbox.all().map(({ failed }) => failed), [true]);
});

test("where a turn would run twice, a message whose answer was lost waits for the customer's word", async () => {
  const { outbox, sent, sender } = scripted({ resends: false, answers: [failure("network", "")] });
  outbox.add({ client_id: "a", text: "x" }, []);
  sender.start();
  await settled();
  assert.deepEqual(sent, ["a"]);
  assert.equal(outbox.all()[0]?.failed, true);
});

test("when the conversation is gone, what waits goes to the next one", async () => {
  const { outbox, sent, sender, lost } = scripted({ answers: [failure("token", ""), null] });
  outbox.add({ client_id: "a", text: "x" }, []);
  sender.start();
  await settled();
  assert.deepEqual(sent, ["a", "a"]);
  assert.equal(lost(), 1);
});
