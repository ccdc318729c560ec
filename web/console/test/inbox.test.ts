import assert from "node:assert/strict";
import { test } from "node:test";
import { offersFor, triggerAt } from "../src/pages/inbox/canned.ts";
import { belongs, type Conversation, inOrder, isNewer, known, passes, patch, put, received } from "../src/pages/inbox/conversations.ts";
import { pauseAfter } from "../src/pages/inbox/live.ts";
import { merged } from "../src/pages/inbox/room.ts";
import { snoozeChoices } from "../src/pages/inbox/snooze.ts";
import { splitTags } from "../src/pages/inbox/tags_form.tsx";
import type { Canned, Item, Summary } from "../src/pages/inbox/wire.ts";
import { dayOf, duration, eventWords, moodOf, ownerWords, reasonWords, urgencyOfWait } from "../src/pages/inbox/words.ts";

const NOW = Date.UTC(2026, 10, 25, 12);

function summary(id: string, fields: Partial<Summary> = {}): Summary {
  return {
    id,
    channel: "web",
    state: "queued",
    status: "open",
    version: 1,
    agent: null,
    team: "service",
    priority: "normal",
    customer: { id: null, name: null, email: null },
    title: "",
    last: null,
    unread: 0,
    waiting_seconds: null,
    mood: null,
    tags: [],
    snoozed_until: null,
    locale: "en",
    created_at: "2026-11-25T10:00:00Z",
    updated_at: "2026-11-25T11:00:00Z",
    rating: null, missed: false,
    ...fields,
  };
}

const sorted = (queue: "unassigned" | "snoozed" | "resolved", ...all: Summary[]): string[] =>
  all.map((one): Conversation => received(one, NOW)).sort(inOrder(queue)).map((one) => one.id);

test("urgent first, then who waits longest, then the newest", () => {
  const order = sorted(
    "unassigned",
    summary("old", { updated_at: "2026-11-25T09:00:00Z" }),
    summary("new"),
    summary("waits", { waiting_seconds: 10 }),
    summary("longer", { waiting_seconds: 90 }),
    summary("urgent", { priority: "urgent" }),
    summary("low", { priority: "low", waiting_seconds: 9999 }),
  );
  assert.deepEqual(order, ["urgent", "longer", "waits", "new", "old", "low"]);
});

test("what is snoozed comes by when it wakes, what is resolved by when it ended", () => {
  assert.deepEqual(sorted("snoozed", summary("b", { snoozed_until: "2026-11-27T09:00:00Z" }), summary("a", { snoozed_until: "2026-11-26T09:00:00Z", priority: "low" })), ["a", "b"]);
  assert.deepEqual(sorted("resolved", summary("old", { priority: "urgent", updated_at: "2026-11-24T09:00:00Z" }), summary("new")), ["new", "old"]);
});

test("each conversation is in exactly one of the queues an agent works on", () => {
  const me = "aoife";
  const kinds = [
    summary("1"),
    summary("2", { state: "agent", agent: { id: me, name: "Aoife" } }),
    summary("3", { state: "bot", status: "pending" }),
    summary("4", { status: "snoozed", state: "agent", agent: { id: me, name: "Aoife" } }),
    summary("5", { status: "resolved", state: "closed" }),
  ];
  for (const one of kinds) {
    const queues = (["mine", "unassigned", "bot", "snoozed", "resolved"] as const).filter((queue) => belongs(one, queue, me));
    assert.equal(queues.length, 1, `${one.id}: ${queues}`);
  }
  assert.equal(belongs(summary("6", { state: "agent", agent: { id: "brian", name: "Brian" } }), "mine", me), false);
});

test("filters that need no server", () => {
  const one = summary("1", { tags: ["late"], priority: "high" });
  const none = { team: "", q: "", priority: "", tag: "" };
  assert.equal(passes(one, none), true);
  assert.equal(passes(one, { ...none, tag: "late", priority: "high" }), true);
  assert.equal(passes(one, { ...none, tag: "vip" }), false);
  assert.equal(passes(one, { ...none, team: "finance" }), false);
});

test("an older word about a conversation loses, the same version by time", () => {
  const known = summary("1", { version: 3, updated_at: "2026-11-25T11:00:00Z" });
  assert.equal(isNewer(summary("1", { version: 2, updated_at: "2026-11-25T12:00:00Z" }), known), false);
  assert.equal(isNewer(summary("1", { version: 3, updated_at: "2026-11-25T10:59:00Z" }), known), false);
  assert.equal(isNewer(summary("1", { version: 3, updated_at: "2026-11-25T11:00:00Z" }), known), true);
  assert.equal(isNewer(known, undefined), true);
});

test("what is changed here does not begin the waiting anew", (t) => {
  t.mock.timers.enable({ apis: ["Date"], now: NOW });
  put(summary("1", { waiting_seconds: 60, unread: 2 }));
  t.mock.timers.setTime(NOW + 30_000);
  patch("1", { unread: 0 });
  assert.deepEqual([known("1")?.unread, known("1")?.waiting_since], [0, NOW - 60_000]);
});

function item(id: string, position: number, fields: Partial<Item> = {}): Item {
  const lists = { buttons: [], citations: [], cards: [], attachments: [] };
  const rest = { speaker: "customer" as const, name: null, client_id: null, text: id, image: null, event: null, private: false, note: false, knew: null };
  return { ...lists, ...rest, id, position, at: "2026-11-25T11:00:00Z", ...fields };
}

test("a timeline has each item once, in order, and keeps what the bot knew", () => {
  const knew = { intent: null, ranking: [], entities: [], sentiment: 0.1, urgency: null, actions: [], slots_set: {}, rung: null, citations: [], policy: null };
  const both = merged([item("a", 1), item("b", 2, { knew })], [item("c", 3), item("b", 2, { text: "B" })]);
  assert.deepEqual(both.map((one) => one.text), ["a", "B", "c"]);
  assert.equal(both[1]?.knew?.sentiment, 0.1);
});

test("a slash opens the canned replies only where a word begins", () => {
  assert.deepEqual(triggerAt("/", 1), { from: 0, words: "" });
  assert.deepEqual(triggerAt("Hi /ref", 7), { from: 3, words: "ref" });
  assert.deepEqual(triggerAt("Hi /ref and more", 7), { from: 3, words: "ref" });
  for (const text of ["and/or", "https://x", "no", "/two words"]) assert.equal(triggerAt(text, text.length), null, text);
});

test("shortcuts that begin so come before titles that contain it", () => {
  const reply = (shortcut: string, title: string): Canned => ({ id: shortcut, shortcut, title, text: "", team: null, mine: false });
  const offers = offersFor("ref", [reply("bye", "After a refund"), reply("refund", "Agreed"), reply("hello", "Greeting")], [{ id: "m", title: "Refund and close", actions: [] }]);
  assert.deepEqual(
    offers.map((one) => (one.kind === "canned" ? one.canned.shortcut : one.macro.title)),
    ["refund", "bye", "Refund and close"],
  );
});

test("pauses grow, have a limit, and are not the same for all", () => {
  assert.ok(pauseAfter(1, 0) < pauseAfter(3, 0));
  assert.ok(pauseAfter(50, 1) <= 30_000);
  assert.notEqual(pauseAfter(3, 0.1), pauseAfter(3, 0.9));
});

test("how long somebody waits, in words that stay short", () => {
  assert.deepEqual([0, 59, 60, 3599, 3660, 90_000].map(duration), ["0 s", "59 s", "1 min", "59 min", "1 h 01 min", "1 d"]);
  assert.deepEqual([119, 120, 600].map(urgencyOfWait), ["", "long", "too-long"]);
});

test("mood, reason, owner and events have words of their own", () => {
  assert.deepEqual([-1, -0.3, 0, 0.8, null].map((one) => moodOf(one)?.word ?? null), ["Angry", "Unhappy", "Calm", "Happy", null]);
  assert.equal(reasonWords("legal_or_press"), "The customer named a lawyer or the press");
  assert.equal(reasonWords("something_new"), "Something new");
  assert.equal(ownerWords(summary("1", { state: "agent", agent: { id: "b", name: "Brian" } }), "a"), "With Brian");
  assert.equal(eventWords("agent_joined", "", "Brian"), "Brian joined the conversation");
  assert.equal(eventWords("unheard_of", "", null), "Unheard of");
  assert.equal(eventWords("back_to_bot", "You're talking to the virtual assistant again.", null), "The bot has the conversation again");
  assert.equal(eventWords("agent_left", "The colleague had to leave.", null), "A colleague left the conversation");
  assert.equal(eventWords(null, "We go on elsewhere.", null), "We go on elsewhere.");
});

test("days are told as people say them", () => {
  const noon = new Date(2026, 10, 25, 12).getTime();
  assert.equal(dayOf(new Date(2026, 10, 25, 0, 5).toISOString(), noon), "Today");
  assert.equal(dayOf(new Date(2026, 10, 24, 23, 55).toISOString(), noon), "Yesterday");
  assert.equal(dayOf(new Date(2026, 10, 26, 9).toISOString(), noon), "Tomorrow");
});

test("snoozing offers moments that are ahead, and Monday only where it is not tomorrow", () => {
  const friday = new Date(2026, 10, 27, 16);
  const choices = snoozeChoices(friday);
  assert.ok(choices.every(({ at }) => at > friday));
  assert.equal(choices.at(-1)?.at.getDay(), 1);
  const sunday = snoozeChoices(new Date(2026, 10, 29, 16));
  assert.deepEqual(sunday.map((one) => one.words), ["In one hour", "In three hours", "Tomorrow morning"]);
});

test("tags are split, tidied and each only once", () => {
  assert.deepEqual(splitTags(" VIP, lost  parcel,, vip "), ["vip", "lost-parcel"]);
});
