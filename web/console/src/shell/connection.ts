/** How the live connection is doing. `connecting` is a loss too short for words. */

import { signal } from "@preact/signals";

export type Connection = "off" | "ok" | "connecting" | "lost";
export const connection = signal<Connection>("off");
