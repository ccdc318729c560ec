/** Light, dark, or as the computer has it. */

import { effect, signal } from "@preact/signals";
import { keep, kept } from "./kept.ts";

export type Theme = "system" | "light" | "dark";

const before = kept("theme");
export const theme = signal<Theme>(before === "light" || before === "dark" ? before : "system");

export function followTheme(root: HTMLElement): void {
  effect(() => {
    if (theme.value === "system") delete root.dataset["theme"];
    else root.dataset["theme"] = theme.value;
    keep("theme", theme.value === "system" ? null : theme.value);
  });
}
