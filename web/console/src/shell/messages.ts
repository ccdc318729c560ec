/** What the console tells without being asked: short notes at the edge (toasts) and words for screen readers. */

import { signal } from "@preact/signals";

export interface Toast {
  id: number;
  kind: "info" | "good" | "bad";
  text: string;
  action?: { label: string; run: () => void };
}

const STAYS = 6_000;
/** With something to press, people need longer to read, and to reach it. */
const STAYS_WITH_ACTION = 15_000;

export const toasts = signal<readonly Toast[]>([]);
/** The text of the polite live region. */
export const spoken = signal("");
let counter = 0;

/** Tells screen readers only. The same words twice are read twice. */
export function announce(text: string): void {
  // A no-break space more makes a repeated text a new one.
  spoken.value = spoken.peek() === text ? `${text}\u00a0` : text;
}

/** Shows a note; errors stay until they are closed. */
export function toast(text: string, kind: Toast["kind"] = "info", action?: Toast["action"]): void {
  const id = ++counter;
  const made: Toast = action ? { id, kind, text, action } : { id, kind, text };
  toasts.value = [...toasts.peek().filter((other) => other.text !== text), made].slice(-4);
  announce(text);
  if (kind !== "bad") setTimeout(() => dismiss(id), action ? STAYS_WITH_ACTION : STAYS);
}

export function dismiss(id: number): void {
  toasts.value = toasts.peek().filter((one) => one.id !== id);
}
