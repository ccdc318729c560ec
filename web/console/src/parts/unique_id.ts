import { useState } from "preact/hooks";

let last = 0;

/** An id for one element. Preact's own useId gives the same one twice once a tree is drawn again. */
export function useUniqueId(): string {
  return useState(() => `i${++last}`)[0];
}
