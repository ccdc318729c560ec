/** The reviews' part of console-api, as it goes over the wire. */

import type { Knew as InboxKnew } from "../inbox/wire.ts";

export type State = "unread" | "reviewed" | "later";
export type Outcome = "bot" | "person" | "called" | "left" | "open" | "unknown";

export interface Row {
  id: string;
  channel: string;
  started_at: string;
  ended_at: string;
  turns: number;
  customer_messages: number;
  intents: string[];
  min_confidence: number | null;
  fallbacks: number;
  rungs: string[];
  handoff_reason: string | null;
  rating: number | null;
  sentiment_min: number | null;
  outcome: Outcome;
  model_version: string | null;
  tags: string[];
  state: State;
  flagged: boolean;
  first_text: string | null;
  why_next: string | null;
}

export interface Span {
  entity: string;
  value: string;
  start?: number | null;
  end?: number | null;
}

export type Knew = Omit<InboxKnew, "entities"> & { entities: Span[] };

export interface Said {
  text: string;
  buttons: { title: string; payload?: string }[];
  rung: string | null;
  citations: { entry_id: string; title: string; relevance?: number | null }[];
}

export interface Spoken {
  speaker?: "agent" | "customer";
  name: string | null;
  text: string;
  at?: string;
}

export interface Comment {
  id: string;
  by: string;
  text: string;
  at: string;
}

export interface Turn {
  index: number;
  message_id: string | null;
  at: string;
  text: string;
  clicked: string | null;
  knew: Knew | null;
  bot: Said[];
  agent: Spoken[];
  corrected: { intent?: string; entities?: Span[]; by: string; at: string } | null;
  marks: { by: string; at: string }[];
  comments: Comment[];
  answer_rating: -1 | 1 | null;
  should_have_been: string | null;
}

export interface Review {
  row: Row;
  turns: Turn[];
  comments: Comment[];
}

export interface ListAnswer {
  items: Row[];
  next: string | null;
  /** A text such as "10000+" where counting stopped. */
  total: number | string;
}

export type Facets = Record<"channels" | "intents" | "actions" | "rungs" | "models" | "tags" | "entities" | "slots" | "handoff_reasons", string[]>;

export interface SavedFilter {
  id: string;
  name: string;
  query: Record<string, string | number | boolean>;
  shared: boolean;
  mine?: boolean;
}

export interface Intent {
  name: string;
  description: string | null;
  examples: number;
}

export interface Correction {
  text: string;
  intent: string | null;
  was: string | null;
  entities: Span[] | null;
  by: string;
  at: string;
  conversation_id: string;
  index: number;
  exported_at: string | null;
}

export interface Exported {
  files: { path: string; added: number }[];
  added: { text: string; intent: string }[];
  refused: { text: string; why: string }[];
  yaml: string;
}

/** How far corrections have come; `learnt` is null where nobody can tell. */
export interface Learning {
  waiting: number;
  exported: number;
  learnt: boolean | null;
  model: { version: string; created: string | null; examples: number } | null;
}

/** What the model in use takes a sentence for. */
export interface Heard {
  intent: string;
  confidence: number;
}

export interface Confusion {
  said: string | null;
  corrected: string;
  count: number;
  conversations: string[];
}

/** What a turn's judgement may change; null takes back. */
export interface Judgement {
  intent?: string | null;
  entities?: Span[] | null;
  mark?: boolean;
  answer_rating?: -1 | 1 | null;
  should_have_been?: string | null;
}
