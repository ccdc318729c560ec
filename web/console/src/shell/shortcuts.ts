/**
 * Single-key shortcuts: off while somebody types or a dialog is open, and can be switched off altogether (WCAG 2.1.4).
 * Whoever is on the page registers a set; the help dialog shows the sets that are there.
 */

import { computed, effect, signal } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";
import { keep, kept } from "./kept.ts";

export interface Shortcut {
  /** `j`, `?`, `Enter`, `g i` (one after the other), `Ctrl+Enter` (Cmd on a Mac). */
  keys: string;
  label: string;
  run: () => void;
  /** Works in a text field too; only sensible with Ctrl or for Escape. */
  typing?: boolean;
  /** False: it does nothing now, and is not in the help. */
  when?: boolean;
}

export interface ShortcutSet {
  title: string;
  shortcuts: readonly Shortcut[];
}

const SEQUENCE = 1_200;

export const shortcutsOn = signal(kept("shortcuts") !== "off");
const sets = signal<readonly ShortcutSet[]>([]);
export const currentSets = computed(() => sets.value.filter((set) => set.shortcuts.some((one) => one.when !== false)));

effect(() => keep("shortcuts", shortcutsOn.value ? null : "off"));

/** The set holds while the component is on the page. Labels and `when` may change with each drawing. */
export function useShortcuts(title: string, shortcuts: readonly Shortcut[]): void {
  const newest = useRef(shortcuts);
  newest.current = shortcuts;
  const shape = shortcuts.map((one) => `${one.keys}\u0000${one.label}\u0000${one.when !== false}`).join("\u0001");
  // With the page, not after it: what is seen can be pressed.
  useLayoutEffect(() => {
    const live = shortcuts.map((one, at) => ({ ...one, run: () => newest.current[at]?.run() }));
    const set: ShortcutSet = { title, shortcuts: live };
    sets.value = [...sets.peek(), set];
    return () => {
      sets.value = sets.peek().filter((other) => other !== set);
    };
  }, [title, shape]);
}

/** A key press as `keys` writes it. */
export function nameOf(event: Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey">): string {
  const control = event.ctrlKey || event.metaKey ? "Ctrl+" : "";
  const key = event.key.length === 1 && control ? event.key.toLowerCase() : event.key;
  return control + (event.altKey ? "Alt+" : "") + key;
}

export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement) return true;
  const buttons = ["button", "checkbox", "radio", "submit", "reset", "file"];
  return target instanceof HTMLInputElement && !buttons.includes(target.type);
}

let pending: { key: string; at: number } | null = null;

function find(name: string, typing: boolean): Shortcut | undefined {
  const all = sets.peek().flatMap((set) => set.shortcuts);
  // What was registered last (a conversation over the list) goes first.
  return all.reverse().find((one) => one.keys === name && one.when !== false && (!typing || one.typing === true));
}

export function handleKey(event: KeyboardEvent, now: number): void {
  if (event.defaultPrevented || event.isComposing) return;
  if (document.querySelector("dialog:modal")) return;
  const typing = isTyping(event.target);
  const name = nameOf(event);
  const plain = !event.ctrlKey && !event.metaKey && !event.altKey;
  // A button or link in focus answers Enter and Space itself.
  const own = event.target instanceof HTMLElement && event.target.closest("button, a, summary, [role=option], [role=tab], [role=menuitem]");
  if (own && (event.key === "Enter" || event.key === " ") && plain) return;
  if (!shortcutsOn.peek() && plain && event.key !== "Escape") return;
  const sequence = pending && now - pending.at < SEQUENCE ? `${pending.key} ${name}` : null;
  pending = null;
  const found = (sequence && find(sequence, typing)) || find(name, typing);
  if (found) {
    event.preventDefault();
    found.run();
  } else if (!typing && plain && sets.peek().some((set) => set.shortcuts.some((one) => one.keys.startsWith(`${name} `)))) {
    pending = { key: name, at: now };
  }
}
