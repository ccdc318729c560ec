import { computed, signal } from "@preact/signals";

/** How many conversations wait for an answer of the person here. */
export const waitingForMe = signal(0);
/** What stands before every title of the browser's tab. */
export const titleMark = computed(() => (waitingForMe.value ? `(${waitingForMe.value}) ` : ""));
