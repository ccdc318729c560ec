/** Entities as places in a message; offsets count characters as Python does (code points). */

import type { Span } from "./wire.ts";

/** An entity whose place is known. */
export interface Placed extends Span {
  start: number;
  end: number;
}

/** Where the words stand in the message: the first place that no other entity has; null when they are not in it. */
export function placeOf(text: string, value: string, taken: readonly Span[] = []): { start: number; end: number } | null {
  const wanted = value.trim();
  if (!wanted) return null;
  const lower = text.toLowerCase();
  for (let at = lower.indexOf(wanted.toLowerCase()); at >= 0; at = lower.indexOf(wanted.toLowerCase(), at + 1)) {
    const start = [...text.slice(0, at)].length;
    const end = start + [...text.slice(at, at + wanted.length)].length;
    if (!taken.some((one) => overlaps(one, start, end))) return { start, end };
  }
  return null;
}

export const overlaps = (one: Span, start: number, end: number): boolean =>
  typeof one.start === "number" && typeof one.end === "number" && one.start < end && start < one.end;

/** The message's words between two places. */
export const wordsAt = (text: string, start: number, end: number): string => [...text].slice(start, end).join("");

/** Those whose place is known; one without a place gets the first place where its value stands. */
export function placed(text: string, spans: readonly Span[]): Placed[] {
  const done: Placed[] = [];
  for (const one of spans) {
    const place = typeof one.start === "number" && typeof one.end === "number" ? { start: one.start, end: one.end } : placeOf(text, one.value, done);
    if (place) done.push({ ...one, value: String(one.value), ...place });
  }
  return done;
}
