/** Canned replies and macros: found by "/" and some letters, filled in by the server. */

import { signal } from "@preact/signals";
import { api } from "../../api/index.ts";
import { type Canned, type Listed, listed, type Macro } from "./wire.ts";

export const canned = signal<readonly Canned[]>([]);
export const macros = signal<readonly Macro[]>([]);
/** Both lists have come, so that an empty one says something. */
export const cannedKnown = signal(false);

export async function loadCanned(): Promise<void> {
  const [replies, all] = await Promise.allSettled([api.get<Listed<Canned>>("/canned"), api.get<Listed<Macro>>("/macros")]);
  if (replies.status === "fulfilled") canned.value = listed(replies.value);
  if (all.status === "fulfilled") macros.value = listed(all.value);
  cannedKnown.value = replies.status === "fulfilled" && all.status === "fulfilled";
}

export interface Trigger {
  /** Where the "/" stands. */
  from: number;
  words: string;
}

/** A "/" that begins a word right before the caret: "/ref", not "and/or", not an address. */
export function triggerAt(text: string, caret: number): Trigger | null {
  const found = /(^|\s)\/([\p{L}\p{N}_-]*)$/u.exec(text.slice(0, caret));
  return found ? { from: caret - (found[2]?.length ?? 0) - 1, words: found[2] ?? "" } : null;
}

/** What the server leaves where a canned reply has no value: "[customer name?]" (desk/inbox/canned.py). */
const BLANK = /\[(?:customer|agent|order) [a-z]+\?\]/;

export interface Blank {
  at: number;
  words: string;
}

/** The first blank that is still to be filled in. */
export function blankIn(text: string): Blank | null {
  const found = BLANK.exec(text);
  return found ? { at: found.index, words: found[0] } : null;
}

export type Offer = { kind: "canned"; canned: Canned } | { kind: "macro"; macro: Macro };

const MOST = 8;

/** What fits, best first: the shortcut begins so, then the title has the word, then macros. */
export function offersFor(words: string, replies: readonly Canned[], all: readonly Macro[]): Offer[] {
  const wanted = words.toLowerCase();
  const titled = (one: { title: string }): boolean => one.title.toLowerCase().includes(wanted);
  const begins = (one: Canned): boolean => one.shortcut.toLowerCase().startsWith(wanted);
  const byShortcut = replies.toSorted((a, b) => a.shortcut.localeCompare(b.shortcut));
  const found = [...byShortcut.filter(begins), ...byShortcut.filter((one) => !begins(one) && titled(one))];
  const offers: Offer[] = [
    ...found.map((one): Offer => ({ kind: "canned", canned: one })),
    ...all.filter(titled).map((one): Offer => ({ kind: "macro", macro: one })),
  ];
  return offers.slice(0, MOST);
}

export async function rendered(id: string, conversation: string): Promise<string> {
  return (await api.get<{ text: string }>(`/canned/${id}/rendered`, { conversation })).text;
}
