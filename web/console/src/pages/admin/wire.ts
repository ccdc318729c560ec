/** Administration's part of console-api, as it goes over the wire. */

import type { Account, Role } from "../../api/account.ts";

export interface AdminAccount extends Account {
  disabled?: boolean;
  last_seen_at?: string | null;
}

export interface Session {
  id: string;
  created_at: string;
  seen_at: string;
  address: string | null;
  /** In words; one of the two names. */
  browser?: string | null;
  agent?: string | null;
  current?: boolean;
}

export interface AuditEvent {
  at: string;
  actor: { id: string; name: string } | null;
  action: string;
  subject: string | null;
  details: Record<string, unknown> | null;
}

/** A conversation that surely or perhaps is a customer's. */
export interface Trace {
  id: string;
  how: "asked_for" | "signed_in" | "proved" | "left_address" | "mentions";
  channel: string;
  began_at: string;
  first_words: string | null;
}

export interface Erased {
  receipt: string;
  conversations: number;
}

export const ROLES: Record<Role, { title: string; about: string }> = {
  agent: { title: "Agent", about: "answers customers" },
  lead: { title: "Lead", about: "answers, assigns, reviews, sees the numbers" },
  editor: { title: "Knowledge editor", about: "writes entries, reads transcripts" },
  developer: { title: "Bot developer", about: "reviews, corrects, trains, sees the numbers" },
  admin: { title: "Admin", about: "everything, and accounts" },
};
