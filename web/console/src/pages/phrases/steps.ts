/** The steps of macros, in words and with what each needs. */

import type { Macro } from "../inbox/wire.ts";

export type Step = Macro["actions"][number];
export type Kind = "reply" | "note" | "tag" | "priority" | "team" | "resolve" | "snooze";

export const KINDS: Record<Kind, { title: string; value: string; choices?: Record<string, string>; long?: boolean; last?: boolean }> = {
  reply: { title: "Say to the customer", value: "Words", long: true },
  note: { title: "Add a private note", value: "Words", long: true },
  tag: { title: "Add a tag", value: "Tag" },
  priority: { title: "Set the priority", value: "Priority", choices: { urgent: "Urgent", high: "High", normal: "Normal", low: "Low" } },
  team: { title: "Give to a team", value: "Team", last: true },
  resolve: { title: "Resolve", value: "As", choices: { solved: "Solved", no_answer: "No answer", spam: "Spam", other: "Other" }, last: true },
  snooze: { title: "Snooze", value: "Hours", last: true },
};

export const isKind = (kind: string): kind is Kind => kind in KINDS;

export function stepWords({ kind, value }: Step): string {
  if (!isKind(kind)) return `${kind}: ${value}`;
  const { title, choices } = KINDS[kind];
  const shown = choices?.[value] ?? value;
  if (kind === "snooze") return `Snooze for ${value} h`;
  return `${title}: ${shown.length > 120 ? `${shown.slice(0, 119)}…` : shown}`;
}

/** What a step of this kind begins with. */
export const emptyStep = (kind: Kind): Step => ({ kind, value: Object.keys(KINDS[kind].choices ?? { "": "" })[0] ?? "" });
