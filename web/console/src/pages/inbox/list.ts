/** The list beside the conversation: one queue with its filters, kept in order while events come in. */

import { computed, signal } from "@preact/signals";
import { api, me } from "../../api/index.ts";
import { belongs, type Conversation, conversations, counts, type Filters, inOrder, NO_FILTERS, passes, put } from "./conversations.ts";
import type { InboxAnswer, Queue } from "./wire.ts";

export const queue = signal<Queue>("mine");
export const filters = signal<Filters>(NO_FILTERS);
export const listState = signal<"loading" | "ready" | "failed">("loading");
export const listProblem = signal<unknown>(null);
export const more = signal<string | null>(null);
/** Ids that the server named for this queue and these filters. */
const named = signal<ReadonlySet<string>>(new Set());

const PAGE = 50;
let asked = 0;

export const list = computed<readonly Conversation[]>(() => {
  const [shown, by, own] = [queue.value, filters.value, me.value?.account.id ?? ""];
  const ids = named.value;
  // While words are searched for, only the server knows what belongs.
  const candidates = [...conversations.value.values()].filter((one) => ids.has(one.id) || (!by.q && !more.value));
  return candidates.filter((one) => belongs(one, shown, own) && passes(one, by)).sort(inOrder(shown));
});

export async function loadList(): Promise<void> {
  const round = ++asked;
  listState.value = listState.peek() === "ready" ? "ready" : "loading";
  try {
    const answer = await ask(null);
    if (round !== asked) return;
    counts.value = answer.counts;
    put(...answer.items);
    named.value = new Set(answer.items.map((one) => one.id));
    more.value = answer.next;
    listState.value = "ready";
  } catch (error) {
    if (round !== asked) return;
    listProblem.value = error;
    if (!named.peek().size) listState.value = "failed";
  }
}

let soon: ReturnType<typeof setTimeout> | undefined;
const SOON = 3_000;

/** Once for all that happens within a moment. */
export function loadListSoon(): void {
  soon ??= setTimeout(() => {
    soon = undefined;
    if (listState.peek() === "ready") void loadList();
  }, SOON);
}

export async function loadMore(): Promise<void> {
  const [cursor, round] = [more.peek(), asked];
  if (!cursor) return;
  const answer = await ask(cursor);
  if (round !== asked) return;
  put(...answer.items);
  named.value = new Set([...named.peek(), ...answer.items.map((one) => one.id)]);
  more.value = answer.next;
}

/** Another queue or other filters. */
export function show(nextQueue: Queue, nextFilters: Filters): void {
  const same = nextQueue === queue.peek() && JSON.stringify(nextFilters) === JSON.stringify(filters.peek());
  if (same && listState.peek() === "ready") return;
  queue.value = nextQueue;
  filters.value = nextFilters;
  named.value = new Set();
  more.value = null;
  listState.value = "loading";
  void loadList();
}

/** As at the start: another person may sit here next. */
export function forgetList(): void {
  asked++;
  named.value = new Set();
  more.value = null;
  listState.value = "loading";
}

/** A conversation that came by event and belongs here, as far as can be told. */
export function mention(id: string): void {
  if (!filters.peek().q && !named.peek().has(id)) named.value = new Set([...named.peek(), id]);
}

function ask(cursor: string | null): Promise<InboxAnswer> {
  const { q, team, priority, tag } = filters.peek();
  return api.get<InboxAnswer>("/inbox", { queue: queue.peek(), q, team, priority, tag, cursor, limit: PAGE });
}
