/** An entry as the form has it, and back. */

import type { Audience, Entry } from "./wire.ts";

export const STATES = { live: "Live", draft: "Draft", scheduled: "Not yet valid", expired: "Expired" } as const;
export const STATE_KINDS = { live: "good", draft: "accent", scheduled: "warn", expired: "warn" } as const;
export const AUDIENCES: Record<Audience, string> = { public: "Everybody", customer: "Customers who have signed in", staff: "Staff only" };
export const WOULD = { told: "The bot would tell it", button: "Offered as a button", nothing: "Not near enough" } as const;

export interface Form {
  title: string;
  questions: string;
  answer: string;
  category: string;
  product: string;
  audience: Audience;
  locale: string;
  valid_from: string;
  valid_until: string;
}

export const EMPTY: Form = { title: "", questions: "", answer: "", category: "general", product: "", audience: "public", locale: "en", valid_from: "", valid_until: "" };

const two = (value: number) => String(value).padStart(2, "0");

/** The day of a moment as a date field has it; a bare day stays one. */
export function dayOf(moment: string | null): string {
  if (!moment || moment.length === 10) return moment ?? "";
  const at = new Date(moment);
  return Number.isNaN(at.getTime()) ? "" : `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}

export function formOf(entry: Entry): Form {
  return {
    title: entry.title,
    questions: entry.questions.join("\n"),
    answer: entry.answer,
    category: entry.category,
    product: entry.product.join(", "),
    audience: entry.audience,
    locale: entry.locale,
    valid_from: dayOf(entry.valid_from),
    valid_until: dayOf(entry.valid_until),
  };
}

type Body = Partial<Record<keyof Form, string | string[] | null>>;

const split = (text: string, by: RegExp) => text.split(by).map((one) => one.trim()).filter(Boolean);

/** What is sent: only what differs, so that a moment is not rounded to its day by the way. */
export function bodyOf(form: Form, before: Form | null): Body {
  const all: Body = {
    ...form,
    title: form.title.trim(),
    category: form.category.trim(),
    questions: split(form.questions, /\n/),
    product: split(form.product, /,/),
    valid_from: form.valid_from || null,
    valid_until: form.valid_until || null,
  };
  const names = Object.keys(form) as (keyof Form)[];
  return Object.fromEntries(names.filter((name) => !before || form[name] !== before[name]).map((name) => [name, all[name]]));
}
