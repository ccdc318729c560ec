/** The list somebody came from: where "back" leads, and what is next when they work through it. */

import { api } from "../../api/index.ts";
import type { Row } from "./wire.ts";

export const trail = { search: "", ids: [] as readonly string[], filtered: false, last: null as string | null };

export const reviewAddress = (id: string): string => `/reviews/c/${encodeURIComponent(id)}`;
export const listAddress = (): string => (trail.search ? `/reviews?${trail.search}` : "/reviews");

/** A part of the address as it was before it was written there. */
export function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** The one after it in a list that was filtered; else the one that the server finds most worth reading. */
export async function nextAfter(id: string | null): Promise<string | null> {
  const at = id === null ? -1 : trail.ids.indexOf(id);
  const following = trail.filtered && at >= 0 ? trail.ids[at + 1] : undefined;
  if (following) return following;
  return (await api.get<Row | null>("/reviews/next", { after: id }))?.id ?? null;
}
