/** Tells the server that somebody looks here and how far they have read, as long as they really look. */

import { useEffect } from "preact/hooks";
import { isType } from "../../api/errors.ts";
import { api } from "../../api/index.ts";
import { conversations, known, patch } from "./conversations.ts";
import type { Room } from "./room.ts";

const EVERY = 20_000;

export function usePresence(room: Room): void {
  useEffect(() => {
    const tell = () => {
      if (document.hidden || room.state.peek() === "failed") return;
      // Deleted while it is looked at: no event tells, so the room finds out here.
      api.post(`/conversations/${room.id}/viewing`).catch((error: unknown) => isType(error, "not_found") && void room.load());
    };
    tell();
    const timer = setInterval(tell, EVERY);
    document.addEventListener("visibilitychange", tell);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", tell);
    };
  }, [room]);
  const newest = room.items.value.at(-1)?.position ?? 0;
  const unread = conversations.value.get(room.id)?.unread ?? 0;
  useEffect(() => {
    const read = () => void readTo(room, newest);
    read();
    window.addEventListener("focus", read);
    return () => window.removeEventListener("focus", read);
  }, [room, newest, unread]);
}

async function readTo(room: Room, position: number): Promise<void> {
  const conversation = known(room.id);
  if (!position || document.hidden || !document.hasFocus() || !conversation?.unread) return;
  patch(room.id, { unread: 0 });
  try {
    await api.post(`/conversations/${room.id}/read`, { position }, { again: true });
  } catch {
    // The mark comes back with the next event: nothing is lost.
  }
}

const TELL_EVERY = 4_000;
const IDLE = 6_000;

/** "… is typing" for the customer and for colleagues; told again while it goes on, taken back when it stops. */
export class TypingTeller {
  #last = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(readonly id: string) {}

  typed(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.stopped(), IDLE);
    if (Date.now() - this.#last < TELL_EVERY) return;
    this.#last = Date.now();
    this.#tell(true);
  }

  stopped(): void {
    clearTimeout(this.#timer);
    if (!this.#last) return;
    this.#last = 0;
    this.#tell(false);
  }

  #tell(on: boolean): void {
    api.post(`/conversations/${this.id}/typing`, { on }).catch(() => undefined);
  }
}
