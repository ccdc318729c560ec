/** Conversations that somebody has open, in the order they were opened; kept over a reload, per account. */

import { computed, signal } from "@preact/signals";
import { me } from "../../api/index.ts";
import { keep, kept } from "../../shell/kept.ts";
import { conversations } from "./conversations.ts";
import { leaveRoom, roomOf } from "./room.ts";

export const MOST_TABS = 20;

export const tabs = signal<readonly string[]>([]);
/** The conversation that is shown. */
export const active = signal<string | null>(null);
/** Conversations of mine in which the customer waits for an answer. */
export const waiting = computed(
  () => [...conversations.value.values()].filter((one) => one.agent?.id === me.value?.account.id && one.status === "open" && one.unread > 0).length,
);

const nameOf = (): string => `tabs.${me.peek()?.account.id ?? ""}`;

let restoredFor = "";

/** Once per account: what was open when the page was left. The one that is to be shown loads itself. */
export function restoreTabs(shown: string | null = active.peek()): void {
  if (restoredFor === nameOf()) return;
  restoredFor = nameOf();
  tabs.value = readTabs();
  for (const id of tabs.peek()) if (id !== shown) void roomOf(id).glance();
}

function readTabs(): string[] {
  try {
    const read: unknown = JSON.parse(kept(nameOf()) ?? "[]");
    return Array.isArray(read) ? read.filter((one): one is string => typeof one === "string").slice(0, MOST_TABS) : [];
  } catch {
    return [];
  }
}

/** Somebody else may sit here next. */
export function forgetTabs(): void {
  restoredFor = "";
  tabs.value = [];
  active.value = null;
}

export function openTab(id: string): void {
  restoreTabs(id);
  active.value = id;
  if (tabs.peek().includes(id)) return;
  tabs.value = [...tabs.peek(), id].slice(-MOST_TABS);
  keep(nameOf(), JSON.stringify(tabs.peek()));
}

/** Closes one and says which is shown next: the one after it, else before it, else none. */
export function closeTab(id: string): string | null {
  const at = tabs.peek().indexOf(id);
  const left = tabs.peek().filter((one) => one !== id);
  tabs.value = left;
  keep(nameOf(), left.length ? JSON.stringify(left) : null);
  leaveRoom(id);
  if (active.peek() !== id) return active.peek();
  active.value = left[at] ?? left[at - 1] ?? null;
  return active.peek();
}
