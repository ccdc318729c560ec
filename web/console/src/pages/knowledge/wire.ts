/** The knowledge's part of console-api, as it goes over the wire. */

export type EntryState = "live" | "draft" | "scheduled" | "expired";
export type Audience = "public" | "customer" | "staff";

export interface EntryRow {
  id: string;
  title: string;
  category: string;
  product: string[];
  audience: Audience;
  locale: string;
  valid_from: string | null;
  valid_until: string | null;
  version: number;
  updated_at: string | null;
  updated_by: string | null;
  state: EntryState;
}

export interface Entry extends EntryRow {
  questions: string[];
  answer: string;
  url?: string | null;
  source?: string | null;
  conversation_id?: string | null;
}

export interface EntryList {
  items: EntryRow[];
  next: string | null;
  total?: number;
  categories?: string[];
}

export interface Past {
  version: number;
  at: string;
  by: string;
  why: string | null;
  removed?: boolean;
}

export interface Line {
  op: " " | "+" | "-";
  text: string;
}

export interface Tried {
  hits: { entry_id: string; title: string; relevance: number; lexical: number; dense: number; would: "told" | "button" | "nothing" }[];
  answer_at: number;
  suggest_at: number;
}

export interface Gap {
  question: string;
  count: number;
  unhappy: number;
  examples: { text: string; conversation_id: string }[];
  nearest: { entry_id: string; title: string; relevance: number } | null;
  draft_id: string | null;
}

export interface Report {
  added: string[];
  changed: string[];
  unchanged: string[];
  removed: string[];
  refused: { file: string; reason: string }[];
  notes?: string[];
}

export const entryAddress = (id: string): string => `/knowledge/e/${encodeURIComponent(id)}`;
export const entryPath = (id: string): string => `/knowledge/${encodeURIComponent(id)}`;
