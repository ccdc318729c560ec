/** The inbox's part of console-api, as it goes over the wire. */

export type State = "bot" | "queued" | "agent" | "closed";
export type Status = "pending" | "open" | "snoozed" | "resolved";
export type Priority = "low" | "normal" | "high" | "urgent";
export type Speaker = "customer" | "bot" | "agent" | "system";
export type Reason = "solved" | "no_answer" | "spam" | "other";

export interface Person {
  id: string;
  name: string;
}

export interface Summary {
  id: string;
  channel: string;
  state: State;
  status: Status;
  version: number;
  agent: Person | null;
  team: string | null;
  priority: Priority;
  customer: { id: string | null; name: string | null; email: string | null };
  title: string;
  last: { speaker: Speaker; text: string; at: string; file?: { name: string; type: string } | null } | null;
  unread: number;
  /** Seconds since the customer waits for a person's answer, when this was said. */
  waiting_seconds: number | null;
  /** -1 (unhappy) to 1. */
  mood: number | null;
  tags: string[];
  snoozed_until: string | null;
  locale: string | null;
  created_at: string;
  updated_at: string;
  rating: number | null;
  /** A person was called and nobody came: out of hours, or not in time. */
  missed: boolean;
  /** How a colleague said that it went, of a conversation that has ended. */
  outcome?: { reason: Reason; comment: string | null } | null;
  /** The conversation in which an ended one goes on. */
  merged_into?: string | null;
  /** Position up to which the customer has seen what was said. */
  read_by_customer?: number;
}

export type Queue = "mine" | "unassigned" | "missed" | "bot" | "snoozed" | "resolved" | "all";
export type Counts = Record<Exclude<Queue, "all">, number>;

export interface InboxAnswer {
  items: Summary[];
  next: string | null;
  counts: Counts;
}

export interface Ranked {
  name: string;
  confidence: number;
}

export interface Cited {
  entry_id: string;
  title: string;
  relevance?: number | null;
}

/** What the bot knew when it said something. */
export interface Knew {
  intent: Ranked | null;
  ranking: Ranked[];
  entities: { entity: string; value: string }[];
  sentiment: number | null;
  urgency: string | null;
  actions: string[];
  slots_set: Record<string, unknown>;
  rung: string | null;
  citations: Cited[];
  policy: string | null;
}

export interface Attachment {
  id: string;
  name: string;
  type: string;
  size: number;
}

export interface Item {
  position: number;
  id: string;
  speaker: Speaker;
  name: string | null;
  client_id: string | null;
  text: string;
  buttons: { title: string; payload: string }[];
  citations: { entry_id: string; title: string }[];
  cards: { title: string; subtitle?: string | null }[];
  image: string | null;
  attachments: Attachment[];
  event: string | null;
  at: string;
  private: boolean;
  note: boolean;
  knew: Knew | null;
  /** The same by language; customers never see it. */
  translations?: Record<string, string>;
}

export interface Handoff {
  reason: string;
  priority: Priority;
  team: string | null;
  summary: string;
  collected: Record<string, unknown>;
  intents: string[];
  tried: string[];
  sentiment: number[];
  last_words: string | null;
  ticket_number: string | null;
  at: string;
}

export interface Order {
  number: string;
  state: string;
  placed_at: string;
  total: string;
  items: string;
  tracking: string | null;
}

export interface Ticket {
  number: string;
  subject: string;
  state: string;
}

export interface Customer {
  id: string;
  name: string;
  email: string | null;
  phone: string | null;
  since: string | null;
  orders: Order[];
  tickets: Ticket[];
  verified: boolean;
}

export interface Viewer extends Person {
  typing: boolean;
}

export interface Detail {
  conversation: Summary;
  items: Item[];
  handoff: Handoff | null;
  customer: Customer | null;
  viewers: Viewer[];
  notes_count: number;
  tickets: string[];
}

export interface Suggestion {
  text: string;
  source: "knowledge" | "approved" | "model";
  /** Not for this customer's eyes. */
  for_staff?: boolean;
  citations: Cited[];
}

export interface Canned {
  id: string;
  shortcut: string;
  title: string;
  text: string;
  team: string | null;
  mine: boolean;
}

export interface Macro {
  id: string;
  title: string;
  actions: { kind: string; value: string }[];
}

export interface Team {
  id: string;
  name: string;
  agents: number;
  queued: number;
}

export interface Question {
  id: string;
  conversation_id: string;
  question: string;
  asked_at: string;
  answer: string | null;
  answered_by: string | null;
}

/** Lists come as `{items, next}`, short ones perhaps bare. */
export type Listed<T> = T[] | { items: T[] };
export const listed = <T>(answer: Listed<T>): T[] => (Array.isArray(answer) ? answer : answer.items);
