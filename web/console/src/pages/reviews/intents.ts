/** All intents that can be meant: asked for with the first transcript, so that correcting one waits for nothing. */

import { signal } from "@preact/signals";
import { api } from "../../api/index.ts";
import { type Listed, listed } from "../inbox/wire.ts";
import type { Intent } from "./wire.ts";

export const intents = signal<readonly Intent[]>([]);

/** Without them the bot's own candidates can still be chosen; the next transcript asks again. */
export async function loadIntents(): Promise<void> {
  if (intents.peek().length) return;
  try {
    intents.value = listed(await api.get<Listed<Intent>>("/reviews/intents"));
  } catch {
    // Not every server has the training data beside it.
  }
}
