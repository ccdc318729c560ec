/** Whether a language model writes and translates here: asked once, so that nothing is offered that cannot be done. */

import { signal } from "@preact/signals";
import { api } from "../../api/index.ts";

/** null while it is not known. */
export const languageModel = signal<boolean | null>(null);

export async function loadHelps(): Promise<void> {
  try {
    languageModel.value = (await api.get<{ language_model: boolean }>("/helps")).language_model;
  } catch {
    languageModel.value = null; // the server says so when something is asked of it
  }
}

export const NO_TRANSLATION = "No language model is connected here, so nothing is translated.";
