/** What somebody has written and what did not arrive, per conversation: it outlives switching, reloading, an ended session. */

import { keep, kept, keptNames } from "../../shell/kept.ts";
import type { Attachment } from "./wire.ts";

export type Mode = "reply" | "note";

/** Reply and note have a text each: what was meant for colleagues must never become a reply by a switch. */
export interface Draft {
  mode: Mode;
  reply: string;
  note: string;
  attachments: Attachment[];
  /** What the reply was translated from. */
  original: { language: string; text: string } | null;
  /** Milliseconds. */
  at: number;
}

const STAYS = 14 * 86_400_000;

export const EMPTY: Draft = { mode: "reply", reply: "", note: "", attachments: [], original: null, at: 0 };

const nameOf = (account: string, conversation: string): string => `draft.${account}.${conversation}`;

export function readDraft(account: string, conversation: string): Draft {
  try {
    const read = JSON.parse(kept(nameOf(account, conversation)) ?? "null") as Partial<Draft> | null;
    if (!read || typeof read.reply !== "string" || typeof read.note !== "string") return EMPTY;
    return { ...EMPTY, ...read, attachments: Array.isArray(read.attachments) ? read.attachments : [] };
  } catch {
    return EMPTY;
  }
}

export const isEmpty = (draft: Draft): boolean => !draft.reply.trim() && !draft.note.trim() && !draft.attachments.length;

export function keepDraft(account: string, conversation: string, draft: Draft): void {
  keep(nameOf(account, conversation), isEmpty(draft) ? null : JSON.stringify(draft));
}

const unsentOf = (account: string, conversation: string): string => `unsent.${account}.${conversation}`;

/** Messages that were on their way when the page was left, or did not arrive. */
export function readUnsent<T>(account: string, conversation: string): T[] {
  try {
    const read = JSON.parse(kept(unsentOf(account, conversation)) ?? "null") as { messages?: T[] } | null;
    return Array.isArray(read?.messages) ? read.messages : [];
  } catch {
    return [];
  }
}

export function keepUnsent(account: string, conversation: string, messages: readonly unknown[]): void {
  keep(unsentOf(account, conversation), messages.length ? JSON.stringify({ at: Date.now(), messages }) : null);
}

const keptOf = (account: string): string[] => [...keptNames(`draft.${account}.`), ...keptNames(`unsent.${account}.`)];

/** They hold customers' matters: on signing out, all of this account's go; old ones go at each start. */
export function dropDrafts(account: string): void {
  for (const name of keptOf(account)) keep(name, null);
}

export const countDrafts = (account: string): number => keptOf(account).length;

export function dropOldDrafts(now: number): void {
  for (const name of [...keptNames("draft."), ...keptNames("unsent.")]) {
    try {
      const read = JSON.parse(kept(name) ?? "{}") as Partial<Draft>;
      if (now - (read.at ?? 0) > STAYS) keep(name, null);
    } catch {
      keep(name, null);
    }
  }
}
