/** What transcripts can be filtered by. The filters stand in the address, so that a list can be kept as a bookmark. */

import { shortVersion } from "../../parts/version.tsx";
import { reasonWords, spelled } from "../inbox/words.ts";
import { rungWords } from "../inbox/rungs.ts";
import type { Facets, SavedFilter } from "./wire.ts";

export type FilterName =
  | "q" | "from" | "to" | "channel" | "turns_min" | "turns_max" | "intent" | "entity" | "slot" | "action" | "confidence_min"
  | "confidence_max" | "rung" | "sentiment_max" | "fallback" | "handoff_reason" | "rating_max" | "outcome" | "model" | "tag" | "state" | "flagged";

export type Filters = Partial<Record<FilterName, string>>;
export type Sort = "newest" | "worth";

interface Kind {
  label: string;
  kind: "text" | "date" | "number" | "choice" | "yes";
  /** Numbers: lowest, highest, step. */
  range?: readonly [number, number, number];
  options?: (facets: Facets) => readonly (readonly [string, string])[];
}

const plain = (names: readonly string[]) => names.map((name) => [name, name] as const);
const words = (names: readonly string[], say: (name: string) => string) => names.map((name) => [name, say(name)] as const);

export const OUTCOMES: Record<string, string> = { bot: "The bot alone", person: "A person helped", called: "A person was called", left: "The customer left", open: "Still open", unknown: "Not known" };
export const STATES: Record<string, string> = { unread: "Not read", reviewed: "Reviewed", later: "Saved for later" };
export const WHY: Record<string, string> = { unsure: "The bot was unsure", unhappy: "The customer was unhappy", new_wording: "New wording" };
const MOODS = [["-0.6", "Angry"], ["-0.2", "Unhappy or angry"]] as const;
const pairs = (of: Record<string, string>) => Object.entries(of);

export const FILTERS: Record<FilterName, Kind> = {
  q: { label: "Words", kind: "text" },
  from: { label: "From", kind: "date" },
  to: { label: "Until", kind: "date" },
  state: { label: "State", kind: "choice", options: () => pairs(STATES) },
  outcome: { label: "Outcome", kind: "choice", options: () => pairs(OUTCOMES) },
  channel: { label: "Channel", kind: "choice", options: (facets) => words(facets.channels, spelled) },
  intent: { label: "Intent", kind: "choice", options: (facets) => plain(facets.intents) },
  confidence_min: { label: "Confidence from", kind: "number", range: [0, 1, 0.05] },
  confidence_max: { label: "Confidence up to", kind: "number", range: [0, 1, 0.05] },
  fallback: { label: "Not understood", kind: "yes" },
  rung: { label: "Answer from", kind: "choice", options: (facets) => words(facets.rungs, rungWords) },
  handoff_reason: { label: "Why a person", kind: "choice", options: (facets) => words(facets.handoff_reasons, reasonWords) },
  sentiment_max: { label: "Mood", kind: "choice", options: () => MOODS },
  rating_max: { label: "Rating up to", kind: "number", range: [1, 5, 1] },
  turns_min: { label: "Messages from", kind: "number", range: [0, 500, 1] },
  turns_max: { label: "Messages up to", kind: "number", range: [0, 500, 1] },
  entity: { label: "Entity", kind: "choice", options: (facets) => plain(facets.entities) },
  slot: { label: "Slot", kind: "choice", options: (facets) => plain(facets.slots) },
  action: { label: "Action", kind: "choice", options: (facets) => plain(facets.actions) },
  model: { label: "Model", kind: "choice", options: (facets) => words(facets.models, shortVersion) },
  tag: { label: "Tag", kind: "choice", options: (facets) => plain(facets.tags) },
  flagged: { label: "Flagged", kind: "yes" },
};

export const NAMES = Object.keys(FILTERS) as FilterName[];
export const NO_FACETS: Facets = { channels: [], intents: [], actions: [], rungs: [], models: [], tags: [], entities: [], slots: [], handoff_reasons: [] };

export function filtersOf(search: URLSearchParams): Filters {
  const found: Filters = {};
  for (const name of NAMES) {
    const value = search.get(name);
    if (value) found[name] = value;
  }
  return found;
}

export const sortOf = (search: URLSearchParams): Sort => (search.get("sort") === "worth" ? "worth" : "newest");

/** The address's search of filters and order, without what is as it begins. */
export function searchOf(filters: Filters, sort: Sort): Record<string, string> {
  const given = NAMES.flatMap((name) => (filters[name] ? [[name, filters[name]] as const] : []));
  return { ...Object.fromEntries(given), ...(sort === "worth" ? { sort } : {}) };
}

/** One chip: what the filter is, and its value in words. */
export function chipWords(name: FilterName, value: string, facets: Facets): string {
  const { label, kind, options } = FILTERS[name];
  if (kind === "yes") return value === "false" ? `Not: ${label.toLowerCase()}` : label;
  const said = options?.(facets).find(([id]) => id === value)?.[1] ?? value;
  return `${label}: ${kind === "choice" ? said : value}`;
}

/** A filter that was saved, as the address has it. */
export function savedFilters(saved: SavedFilter): Filters {
  return filtersOf(new URLSearchParams(Object.entries(saved.query).map(([name, value]) => [name, String(value)])));
}

/** What is saved: numbers and booleans as such. */
export function queryOf(filters: Filters): Record<string, string | number | boolean> {
  const typed = (name: FilterName, value: string) => {
    const { kind } = FILTERS[name];
    if (kind === "yes") return value !== "false";
    return kind === "number" || name === "sentiment_max" ? Number(value) : value;
  };
  return Object.fromEntries(NAMES.flatMap((name) => (filters[name] ? [[name, typed(name, filters[name])]] : [])));
}
