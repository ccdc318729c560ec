/** What each event of the stream does to what is known here. */

import { useEffect } from "preact/hooks";
import { api, me, sessionEnded } from "../../api/index.ts";
import { setAway } from "../../shell/away.ts";
import { announce, toast } from "../../shell/messages.ts";
import { conversations, counts, known, nameOf, patch, put } from "./conversations.ts";
import { acting } from "./acting.ts";
import { alertTo } from "./alerts.ts";
import { forgetList, listState, loadList, loadListSoon, mention, queue } from "./list.ts";
import { Live } from "./live.ts";
import { leaveAllRooms, openRoom, openRooms } from "./room.ts";
import { active, forgetTabs } from "./tabs.ts";
import type { Counts, Item, Speaker, Summary, Viewer } from "./wire.ts";
import { runClock } from "./words.ts";

type Handler = (data: never) => void;

const HANDLERS: Record<string, Handler> = {
  counts: (data: Counts) => {
    const before = counts.peek();
    const shown = queue.peek();
    counts.value = data;
    // Of conversations that the bot has, only their number is told.
    if (before && shown !== "all" && before[shown] !== data[shown]) loadListSoon();
  },
  conversation: (data: Summary) => changed(data),
  item: ({ conversation_id, item }: { conversation_id: string; item: Item }) => said(conversation_id, item),
  typing: ({ conversation_id, speaker, on }: { conversation_id: string; speaker: Speaker; on: boolean }) => {
    if (speaker === "customer") openRoom(conversation_id)?.customerTyping(on);
  },
  read: ({ conversation_id, speaker, position }: { conversation_id: string; speaker: Speaker; position: number }) => {
    if (speaker === "customer") patch(conversation_id, { read_by_customer: position });
  },
  presence: ({ conversation_id, viewers }: { conversation_id: string; viewers: Viewer[] }) => {
    const room = openRoom(conversation_id);
    if (room) room.viewers.value = viewers;
  },
  account: ({ id, away }: { id: string; away: boolean }) => {
    if (id === me.peek()?.account.id) setAway(away);
  },
};

export function handleEvent(name: string, data: unknown): void {
  (HANDLERS[name] as ((data: unknown) => void) | undefined)?.(data);
}

function changed(summary: Summary): void {
  const before = known(summary.id);
  const own = me.peek()?.account.id;
  put(summary);
  mention(summary.id);
  const owner = summary.agent;
  // Given by a colleague, or handed out by the desk: not what is being done here at this moment.
  if (owner?.id === own && before?.agent?.id !== own && !acting.peek()) alertTo(summary.id, `${nameOf(summary)} is yours now`);
  // With the customer's words the message itself draws attention.
  if (owner?.id === own && before?.status === "snoozed" && summary.status === "open" && before.last?.at === summary.last?.at && !acting.peek()) alertTo(summary.id, `${nameOf(summary)} is back: it was snoozed until now`);
  // Taken away, by a colleague or for want of a sign of life: with twelve chats nobody sees a row go.
  if (before?.state === "agent" && before.agent?.id === own && !acting.peek()) {
    if (owner && owner.id !== own) toast(`${owner.name} has ${nameOf(summary)} now.`);
    else if (summary.state === "queued") toast(`${nameOf(summary)} waits in the queue again.`);
  }
  if (owner && owner.id !== own && owner.id !== before?.agent?.id) openRoom(summary.id)?.takenBy(owner.name);
}

function said(id: string, item: Item): void {
  openRoom(id)?.add(item);
  if (item.speaker !== "customer") return;
  const conversation = known(id);
  const name = conversation ? nameOf(conversation) : "Customer";
  if (active.peek() === id && !document.hidden) announce(`${name}: ${item.text || "sent a file"}`);
  else if (conversation?.agent?.id === me.peek()?.account.id) alertTo(id, `${name}: ${item.text || "sent a file"}`);
}

/** After a gap in the stream: the list, the conversation that is shown, and the other tabs for their marks only. */
export function reloadAll(): void {
  if (listState.peek() !== "loading") void loadList();
  for (const room of openRooms()) void (room.id === active.peek() ? room.load() : room.glance()).then(() => room.sending.connected());
}

/** Follows as long as the component is on the page (all pages have it). */
export function useFollowing(): void {
  useEffect(() => {
    const means = { fetch: fetch.bind(globalThis), now: Date.now, random: Math.random };
    const live = new Live(api.address("/events"), { event: handleEvent, opened: (again) => again && reloadAll(), rejected }, means);
    live.start();
    const stopClock = runClock();
    return () => {
      live.stop();
      stopClock();
      conversations.value = new Map();
      counts.value = null;
      leaveAllRooms();
      forgetTabs();
      forgetList();
    };
  }, []);
}

function rejected(): void {
  sessionEnded.value = true;
  me.value = null;
}
