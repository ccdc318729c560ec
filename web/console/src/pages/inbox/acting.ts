/** How many changes made here are under way: what the stream tells meanwhile is likely their own doing. */

import { signal } from "@preact/signals";

export const acting = signal(0);

export async function whileActing<T>(run: () => Promise<T>): Promise<T> {
  acting.value = acting.peek() + 1;
  try {
    return await run();
  } finally {
    acting.value = acting.peek() - 1;
  }
}
