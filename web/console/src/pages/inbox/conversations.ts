/** What is known of conversations, and which of them a list shows, in which order. */

import { signal } from "@preact/signals";
import type { Counts, Priority, Queue, Summary } from "./wire.ts";

/** A summary with the waiting time as a moment of this computer's clock, so that it can tick. */
export interface Conversation extends Summary {
  waiting_since: number | null;
}

export const conversations = signal<ReadonlyMap<string, Conversation>>(new Map());
export const counts = signal<Counts | null>(null);

export function received(summary: Summary, now: number): Conversation {
  const waits = summary.waiting_seconds;
  return { ...summary, waiting_since: waits === null ? null : now - waits * 1000 };
}

/** Answers and events overtake each other: what is older than what is known is dropped. */
export function isNewer(summary: Summary, known: Summary | undefined): boolean {
  if (!known) return true;
  if (summary.version !== known.version) return summary.version > known.version;
  return summary.updated_at >= known.updated_at;
}

export function put(...summaries: readonly Summary[]): void {
  const now = Date.now();
  const all = new Map(conversations.peek());
  for (const summary of summaries) if (isNewer(summary, all.get(summary.id))) all.set(summary.id, received(summary, now));
  conversations.value = all;
}

/** A change that is known here before the server tells; the waiting time ticks on. */
export function patch(id: string, change: Partial<Conversation>): void {
  const before = conversations.peek().get(id);
  if (before) conversations.value = new Map(conversations.peek()).set(id, { ...before, ...change });
}

/** It is gone: nothing of it may stay on the page. */
export function forget(id: string): void {
  const left = new Map(conversations.peek());
  if (left.delete(id)) conversations.value = left;
}

export function known(id: string): Conversation | undefined {
  return conversations.peek().get(id);
}

export function belongs(conversation: Summary, queue: Queue, me: string): boolean {
  const { status, state, agent } = conversation;
  switch (queue) {
    case "mine":
      return status === "open" && state === "agent" && agent?.id === me;
    case "unassigned":
      return status === "open" && state === "queued";
    case "missed":
      return conversation.missed;
    case "bot":
      return state === "bot" && status === "pending";
    case "snoozed":
      return status === "snoozed";
    case "resolved":
      return status === "resolved";
    case "all":
      return true;
  }
}

export interface Filters {
  team: string;
  q: string;
  priority: string;
  tag: string;
}

export const NO_FILTERS: Filters = { team: "", q: "", priority: "", tag: "" };

/** What can be told without the server: a search for words cannot. */
export function passes(conversation: Summary, filters: Filters): boolean {
  return (
    (!filters.team || conversation.team === filters.team) &&
    (!filters.priority || conversation.priority === filters.priority) &&
    (!filters.tag || conversation.tags.includes(filters.tag))
  );
}

const RANK: Record<Priority, number> = { urgent: 0, high: 1, normal: 2, low: 3 };

/** Urgent first, then who waits longest, then the newest; what is over by time. */
export function inOrder(queue: Queue): (a: Conversation, b: Conversation) => number {
  const newest = (a: Conversation, b: Conversation) => b.updated_at.localeCompare(a.updated_at) || a.id.localeCompare(b.id);
  if (queue === "resolved") return newest;
  if (queue === "snoozed") return (a, b) => (a.snoozed_until ?? "").localeCompare(b.snoozed_until ?? "") || newest(a, b);
  return (a, b) =>
    RANK[a.priority] - RANK[b.priority] ||
    (a.waiting_since ?? Number.MAX_VALUE) - (b.waiting_since ?? Number.MAX_VALUE) ||
    newest(a, b);
}

type Named = Pick<Summary, "id" | "customer">;

/** Who it is, in two parts of which the second is not to be cut off. Of whom nothing is known: the end of the id, so that twelve visitors are twelve. */
export const nameParts = ({ id, customer }: Named): [string, string] => {
  const name = customer.name ?? customer.email;
  return name ? [name, ""] : ["Visitor", id.slice(-3).toUpperCase()];
};

export const nameOf = (conversation: Named): string => nameParts(conversation).join(" ").trim();
