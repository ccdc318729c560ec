/** What an agent does with a conversation. Each tells what went wrong in words; true or a value when it was done. */

import { isType, sentence } from "../../api/errors.ts";
import { api } from "../../api/index.ts";
import { announce, toast } from "../../shell/messages.ts";
import { whileActing } from "./acting.ts";
import { known, nameOf, put } from "./conversations.ts";
import { openRoom } from "./room.ts";
import type { Priority, Reason, Summary } from "./wire.ts";

/** Does it, tells what became of it; a conversation that is not as it was is loaded again. */
async function act(id: string, what: string, body: object | (() => object), done: string): Promise<boolean> {
  try {
    // A reply that is still on its way changes the version, and belongs before this.
    await openRoom(id)?.sending.settled();
    const sent = typeof body === "function" ? body() : body;
    await whileActing(async () => {
      const answer = await api.post<Summary | null>(`/conversations/${id}/${what}`, sent);
      if (answer && "version" in answer) put(answer);
    });
    if (done) toast(done, "good");
    return true;
  } catch (error) {
    toast(sentence(error), "bad");
    if (isType(error, "stale_version", "not_possible", "not_found")) void openRoom(id)?.load();
    return false;
  }
}

const version = (id: string): { version?: number } => {
  const now = known(id)?.version;
  return now === undefined ? {} : { version: now };
};

const name = (id: string): string => {
  const conversation = known(id);
  return conversation ? nameOf(conversation) : "The conversation";
};

export async function take(id: string): Promise<boolean> {
  const done = await act(id, "take", () => version(id), "");
  if (done) announce(`${name(id)} is yours. The bot is silent.`);
  return done;
}

export async function takeNext(): Promise<string | null> {
  try {
    const taken = await whileActing(async () => {
      const given = await api.post<Summary | null>("/inbox/next");
      if (given) put(given);
      return given;
    });
    if (!taken) {
      toast("Nobody waits for you at the moment.");
      return null;
    }
    announce(`${nameOf(taken)} is yours.`);
    return taken.id;
  } catch (error) {
    toast(sentence(error), "bad");
    return null;
  }
}

export const giveBack = (id: string, note: string) =>
  act(id, "return", () => ({ ...version(id), ...(note ? { note } : {}) }), `${name(id)} is with the bot again.`);

export const resolve = (id: string, reason: Reason, comment: string) =>
  act(id, "resolve", { reason, ...(comment ? { comment } : {}) }, `${name(id)}: resolved.`);

export const reopen = (id: string) => act(id, "reopen", {}, `${name(id)} is open again.`);

export const snooze = (id: string, until: Date, words: string) =>
  act(id, "snooze", { until: until.toISOString() }, `${name(id)} is snoozed until ${words}.`);

export const wake = (id: string) => act(id, "unsnooze", {}, `${name(id)} is awake again.`);

export const transfer = (id: string, to: { agent_id: string } | { team: string }, note: string, words: string) =>
  act(id, "transfer", { ...to, ...(note ? { note } : {}) }, `${name(id)} was given to ${words}.`);

export const setPriority = (id: string, priority: Priority) => act(id, "priority", { priority }, `Priority: ${priority}.`);

export const changeTags = (id: string, add: string[], remove: string[]) => act(id, "tags", { add, remove }, "");

export const merge = (id: string, into: string) => act(id, "merge", { into }, known(into) ? `Merged into ${name(into)}.` : "Merged.");

export const runMacro = (id: string, macro_id: string, title: string) => act(id, "macro", { macro_id, client_id: crypto.randomUUID() }, `Done: ${title}.`);

export async function makeTicket(id: string, subject: string, team: string): Promise<boolean> {
  try {
    const { number } = await api.post<{ number: string }>(`/conversations/${id}/ticket`, { subject, ...(team ? { team } : {}) });
    toast(`Ticket ${number} was made.`, "good");
    const room = openRoom(id);
    if (room) room.tickets.value = [...room.tickets.peek(), number];
    return true;
  } catch (error) {
    toast(sentence(error), "bad");
    return false;
  }
}
