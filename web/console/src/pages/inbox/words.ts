/** Numbers, moments and names of the field as words for people. */

import { computed, signal } from "@preact/signals";
import type { Priority, Reason, State, Summary } from "./wire.ts";

/** Ticks while somebody looks. */
export const clock = signal(Date.now());
/** For what changes slowly: no need to draw it again each second. */
export const minuteClock = computed(() => Math.floor(clock.value / 60_000) * 60_000);

export function runClock(): () => void {
  const timer = setInterval(() => {
    if (!document.hidden) clock.value = Date.now();
  }, 1000);
  return () => clearInterval(timer);
}

export function duration(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min`;
  if (whole < 86_400) return `${Math.floor(whole / 3600)} h ${String(Math.floor((whole % 3600) / 60)).padStart(2, "0")} min`;
  return `${Math.floor(whole / 86_400)} d`;
}

/** Where there is no room for more than "6m". */
export const shortDuration = (seconds: number): string => duration(seconds).replace(/ h .*/, "h").replace(" min", "m").replace(" ", "");

/** How long somebody may wait before it is said louder, in seconds. */
export const LONG = 120;
export const TOO_LONG = 600;
export const urgencyOfWait = (seconds: number): "" | "long" | "too-long" =>
  seconds >= TOO_LONG ? "too-long" : seconds >= LONG ? "long" : "";

export interface Mood {
  word: string;
  icon: "angry" | "sad" | "neutral" | "happy";
}

export function moodOf(value: number | null): Mood | null {
  if (value === null) return null;
  if (value <= -0.6) return { word: "Angry", icon: "angry" };
  if (value <= -0.2) return { word: "Unhappy", icon: "sad" };
  if (value < 0.3) return { word: "Calm", icon: "neutral" };
  return { word: "Happy", icon: "happy" };
}

export const percent = (share: number): string => `${Math.round(share * 100)} %`;

export const PRIORITIES: readonly Priority[] = ["urgent", "high", "normal", "low"];
export const PRIORITY_WORDS: Record<Priority, string> = { urgent: "Urgent", high: "High", normal: "Normal", low: "Low" };

/** contracts/escalation/model.py names them. */
const REASONS: Record<string, string> = {
  crisis_self_harm: "The customer may harm themselves",
  crisis_emergency: "An emergency",
  asked_for_person: "The customer asked for a person",
  ticket_requested: "The customer asked for a ticket",
  legal_or_press: "The customer named a lawyer or the press",
  abuse: "Abusive messages after two warnings",
  urgent_complaint: "Urgent complaint",
  complaint: "Complaint",
  very_negative: "The customer is very unhappy",
  negative_run: "Unhappy for several messages",
  failed_attempts: "Several attempts without success",
  unresolved: "Many messages without a solution",
  refund_above_limit: "The refund is above the bot's limit",
  not_understood: "The bot did not understand",
  dependency_down: "A system that the bot needs is down",
};

export const OUTCOMES: Record<Reason, string> = {
  solved: "Solved",
  no_answer: "The customer does not answer",
  spam: "Spam or abuse",
  other: "Something else",
};

/** A name of the machine (`very_negative`) as words. */
export const spelled = (name: string): string => {
  const words = name.replace(/^(utter|action)_/, "").replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
};

/** What a model takes a message for. Its own word for "nothing that I know" is not one for people. */
export const intentWords = (intent: string): string => (intent === "nlu_fallback" ? "Not understood" : spelled(intent));

const SLOTS: Record<string, string> = { contact_email: "contact e-mail", email: "e-mail" };
export const slotWords = (slot: string): string => SLOTS[slot] ?? spelled(slot).toLowerCase();

export const reasonWords = (reason: string): string => REASONS[reason] ?? spelled(reason);

const EVENTS: Record<string, string> = {
  handoff_queued: "The customer waits for a person",
  agent_joined: "joined the conversation",
  agent_left: "left the conversation",
  back_to_bot: "The bot has the conversation again",
  stopped_waiting: "The customer stopped waiting for a person",
  closed: "The conversation was closed",
  resolved: "Resolved",
  reopened: "Opened again",
  snoozed: "Snoozed",
  transferred: "Transferred",
  merged: "Merged",
};

/** A system item as one line, from the agent's side; its own text, which is said to the customer, where there is no other. */
export function eventWords(event: string | null, text: string, name: string | null): string {
  const words = event ? EVENTS[event] : undefined;
  if (!words) return text || (event ? spelled(event) : "");
  return /^[a-z]/.test(words) ? `${name ?? "A colleague"} ${words}` : words;
}

export function ownerWords(conversation: Pick<Summary, "agent" | "status" | "snoozed_until"> & { state: State }, me: string): string {
  if (conversation.status === "resolved") return "Resolved";
  if (conversation.status === "snoozed") {
    const until = conversation.snoozed_until && momentOf(conversation.snoozed_until, minuteClock.value);
    return until ? `Snoozed until ${until.replace(/^Tomorrow/, "tomorrow")}` : "Snoozed";
  }
  if (conversation.state === "bot") return "With the bot";
  if (conversation.state === "queued") return "Waiting for a person";
  if (conversation.state === "closed") return "Closed";
  return conversation.agent?.id === me ? "Yours" : `With ${conversation.agent?.name ?? "a colleague"}`;
}

const SHORT: Intl.DateTimeFormatOptions = { hour: "2-digit", minute: "2-digit" };

export const timeOf = (at: string): string => new Date(at).toLocaleTimeString([], SHORT);

export function dayOf(at: string, now: number): string {
  const day = new Date(at);
  const midnight = (moment: Date) => new Date(moment.getFullYear(), moment.getMonth(), moment.getDate()).getTime();
  const days = Math.round((midnight(new Date(now)) - midnight(day)) / 86_400_000);
  if (days === 0) return "Today";
  if (days === 1) return "Yesterday";
  if (days === -1) return "Tomorrow";
  return day.toLocaleDateString([], { weekday: "short", day: "numeric", month: "long", ...(days > 300 ? { year: "numeric" } : {}) });
}

export const momentOf = (at: string, now: number): string => (dayOf(at, now) === "Today" ? timeOf(at) : `${dayOf(at, now)}, ${timeOf(at)}`);

export const dateOf = (at: string): string => new Date(at).toLocaleDateString([], { day: "numeric", month: "short", year: "numeric" });

/** A day as date fields have it (2026-12-31), on the reader's own clock. */
export function fieldDay(at: Date): string {
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 10);
}

/** The end of a date field's day as it is here. */
export const endOfDay = (day: string): string => new Date(`${day}T23:59:59`).toISOString();

export const sizeOf = (bytes: number): string => (bytes < 1_000_000 ? `${Math.max(1, Math.round(bytes / 1000))} KB` : `${(bytes / 1_000_000).toFixed(1)} MB`);

export function languageOf(locale: string): string {
  try {
    return new Intl.DisplayNames(["en"], { type: "language" }).of(locale) ?? locale;
  } catch {
    return locale;
  }
}
