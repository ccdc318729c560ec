/** Figures as words, and whether they are as they should be. */

import { spelled } from "../inbox/words.ts";
import type { Figure, Target, Unit } from "./wire.ts";

/** A formula over names, as people read it. The names of its parts stand at their fields, in the same words. */
export const formulaWords = (formula: string): string => formula.replace(/[a-z_]+/gi, (name) => spelled(name).toLowerCase()).replaceAll("*", "×").replaceAll("/", "÷").replaceAll(" - ", " − ");

interface Amount {
  unit: Unit;
  currency?: string | null;
}

export function valueWords(value: number | null, { unit, currency }: Amount): string {
  if (value === null) return "–";
  if (unit === "share") return `${(value * 100).toLocaleString([], { maximumFractionDigits: 1 })} %`;
  if (unit === "seconds") return secondsWords(value);
  if (unit === "score") return value.toLocaleString([], { minimumFractionDigits: 1, maximumFractionDigits: 2 });
  if (unit === "money") return moneyWords(value, currency);
  return value.toLocaleString([], { maximumFractionDigits: 0 });
}

/** Minor units: 1250 EUR is 12.50 €. */
export function moneyWords(minor: number, currency: string | null | undefined): string {
  try {
    const format = new Intl.NumberFormat([], { style: "currency", currency: currency || "EUR" });
    return format.format(minor / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2));
  } catch {
    return `${(minor / 100).toFixed(2)} ${currency}`;
  }
}

function secondsWords(seconds: number): string {
  if (seconds < 60) return `${seconds.toLocaleString([], { maximumFractionDigits: seconds < 10 ? 1 : 0 })} s`;
  const whole = Math.round(seconds);
  if (whole < 3600) return whole % 60 ? `${Math.floor(whole / 60)} min ${whole % 60} s` : `${whole / 60} min`;
  const minutes = Math.round(whole / 60);
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

export const targetWords = (target: Target, amount: Amount): string => `${target.op === ">" ? "above" : "below"} ${valueWords(target.value, amount)}`;

export function isMet(value: number, { op, value: wanted }: Target): boolean {
  return op === ">" ? value > wanted : value < wanted;
}

/** How it changed since the period before; null when there is nothing to compare. */
export function changeWords(figure: Pick<Figure, "value" | "previous" | "unit"> & { currency?: string | null }): string | null {
  const { value, previous, unit } = figure;
  if (value === null || previous === null) return null;
  const by = value - previous;
  if (Math.abs(by) < 1e-9) return "as before";
  const way = by > 0 ? "up" : "down";
  if (unit === "share") return `${way} ${Math.abs(by * 100).toLocaleString([], { maximumFractionDigits: 1 })} points`;
  if (unit === "count" && previous > 0) return `${way} ${Math.round(Math.abs(by / previous) * 100)} %`;
  return `${way} ${valueWords(Math.abs(by), figure)}`;
}

export interface Period {
  from: string;
  to: string;
  days: string;
}

export const DAYS = ["7", "28", "90", "365"] as const;
const day = (at: Date): string => `${at.getFullYear()}-${String(at.getMonth() + 1).padStart(2, "0")}-${String(at.getDate()).padStart(2, "0")}`;

/** What the address says, else the last four weeks. Days are calendar days, today included. */
export function periodOf(search: URLSearchParams, now: Date): Period {
  const from = search.get("from");
  const to = search.get("to");
  if (from && to) return { from, to, days: "" };
  const days = DAYS.find((one) => one === search.get("days")) ?? "28";
  return { from: day(new Date(now.getFullYear(), now.getMonth(), now.getDate() - Number(days) + 1)), to: day(now), days };
}
