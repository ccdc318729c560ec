/** The console's one connection: `api` for calls, `me` for who is signed in. */

import { computed, signal } from "@preact/signals";
import type { Me, Permission } from "./account.ts";
import { Api } from "./client.ts";
import { isType } from "./errors.ts";

/** undefined while it is not known yet, null when nobody is signed in. */
export const me = signal<Me | null | undefined>(undefined);
/** Whether a session ended by itself while it was in use; the sign-in page says so. */
export const sessionEnded = signal(false);
export const permissions = computed<ReadonlySet<Permission>>(() => new Set(me.value?.permissions ?? []));

export const may = (...wanted: readonly Permission[]): boolean => wanted.some((one) => permissions.value.has(one));

export const api = new Api({
  fetch: (input, init) => fetch(input, init),
  wait: (milliseconds) => new Promise((done) => setTimeout(done, milliseconds)),
  csrf: () => me.peek()?.csrf ?? "",
  signedOut: () => {
    if (me.peek()) sessionEnded.value = true;
    me.value = null;
  },
});

export async function loadSession(): Promise<void> {
  try {
    me.value = await api.get<Me>("/session");
  } catch (error) {
    if (!isType(error, "not_signed_in")) throw error;
    me.value = null;
  }
}

export async function signIn(email: string, password: string, code: string): Promise<void> {
  me.value = await api.post<Me>("/session", code ? { email, password, code } : { email, password });
  sessionEnded.value = false;
}

export async function signOut(): Promise<void> {
  await api.delete("/session");
  me.value = null;
  sessionEnded.value = false;
}
