/** What was said, in order. It stays where somebody reads, and follows the newest where they are at the end. */

import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { sentence } from "../../api/errors.ts";
import { Icon } from "../../parts/icon.tsx";
import { toast } from "../../shell/messages.ts";
import { type Conversation, nameOf } from "./conversations.ts";
import { Message } from "./message.tsx";
import { PendingMessage } from "./pending.tsx";
import type { Room } from "./room.ts";
import type { Item } from "./wire.ts";
import { dayOf, minuteClock } from "./words.ts";

const NEAR = 80;

export function Timeline({ room, conversation }: { room: Room; conversation: Conversation }) {
  const scroller = useRef<HTMLDivElement>(null);
  const items = room.items.value;
  const pending = room.sending.pending.value;
  const end = useFollowingEnd(scroller, room, items, pending.length);
  const seen = seenAt(items, conversation.read_by_customer ?? 0);
  const unreadFrom = useUnreadMark(room.id, items, conversation.unread);
  return (
    <div class="timeline-place">
      {/* Scrolls, so it must be reachable by keyboard. */}
      <div class="timeline" ref={scroller} tabIndex={0} role="log" aria-live="off" aria-label="What was said" onScroll={end.scrolled} onLoadCapture={end.grown}>
        {room.older.value !== "none" && (
          <button type="button" class="quiet timeline-older" onClick={() => void older(room, scroller.current)} aria-disabled={room.older.value === "loading"}>
            {room.older.value === "loading" ? "Loading…" : "Show earlier messages"}
          </button>
        )}
        {items.map((item, at) => (
          <Entry key={item.id} item={item} before={items[at - 1]} next={items[at + 1]} room={room} conversation={conversation} unreadFrom={unreadFrom} isSeen={item === seen} />
        ))}
        {pending.map((one) => (
          <PendingMessage key={one.client_id} one={one} sending={room.sending} />
        ))}
        {room.customerTypes.value && <p class="timeline-typing muted">{nameOf(conversation)} is typing…</p>}
      </div>
      {end.missed > 0 && (
        <button type="button" class="timeline-down" onClick={end.goDown}>
          <Icon name="down" />
          {end.missed === 1 ? "1 new message" : `${end.missed} new messages`}
        </button>
      )}
    </div>
  );
}

interface EntryProps {
  item: Item;
  before: Item | undefined;
  next: Item | undefined;
  room: Room;
  conversation: Conversation;
  unreadFrom: number;
  isSeen: boolean;
}

function Entry({ item, before, next, room, conversation, unreadFrom, isSeen }: EntryProps) {
  const day = dayOf(item.at, minuteClock.value);
  const newDay = !before || dayOf(before.at, minuteClock.value) !== day;
  const follows = !newDay && before?.speaker === item.speaker && before.name === item.name && before.note === item.note && !before.event && unreadFrom !== item.position;
  return (
    <>
      {newDay && <p class="timeline-day">{day}</p>}
      {unreadFrom === item.position && before && <p class="timeline-new">New</p>}
      <Message item={item} follows={follows} next={next} conversation={conversation} room={room} />
      {isSeen && <p class="timeline-seen muted small">Seen</p>}
    </>
  );
}

/** The last words of a person, if the customer has seen them and said nothing since: is somebody still there? */
function seenAt(items: readonly Item[], readTo: number): Item | undefined {
  const last = items.findLast((item) => !item.note && (item.speaker === "agent" || item.speaker === "customer"));
  return last?.speaker === "agent" && last.position <= readTo ? last : undefined;
}

/** Position of the first unread message at the moment the conversation was opened. */
function useUnreadMark(id: string, items: readonly Item[], unread: number): number {
  const [mark, setMark] = useState({ id: "", position: -1 });
  if (mark.id !== id && items.length) {
    const theirs = items.filter((item) => item.speaker === "customer");
    const first = unread > 0 ? theirs[Math.max(0, theirs.length - unread)] : undefined;
    setMark({ id, position: first?.position ?? -1 });
  }
  return mark.id === id ? mark.position : -1;
}

function useFollowingEnd(scroller: { current: HTMLDivElement | null }, room: Room, items: readonly Item[], pending: number) {
  const atEnd = useRef(true);
  const seen = useRef(items.at(-1)?.position ?? 0);
  const [missed, setMissed] = useState(0);
  const goDown = () => {
    const place = scroller.current;
    if (place) place.scrollTop = place.scrollHeight;
    atEnd.current = true;
    setMissed(0);
  };
  useLayoutEffect(goDown, [room]);
  useLayoutEffect(() => {
    const newest = items.at(-1)?.position ?? 0;
    if (atEnd.current || pending) goDown();
    else if (newest > seen.current) setMissed((before) => before + items.filter((item) => item.position > seen.current).length);
    seen.current = newest;
  }, [items, pending, room.customerTypes.value]);
  useEffect(() => {
    const place = scroller.current;
    if (!place) return undefined;
    const observer = new ResizeObserver(() => atEnd.current && goDown());
    observer.observe(place);
    return () => observer.disconnect();
  }, []);
  // A picture has its height only when it has come; the observer sees the place, not what is in it.
  const grown = () => {
    if (atEnd.current) goDown();
  };
  const scrolled = () => {
    const place = scroller.current;
    if (!place) return;
    atEnd.current = place.scrollHeight - place.scrollTop - place.clientHeight < NEAR;
    if (atEnd.current) setMissed(0);
  };
  return { missed, goDown, grown, scrolled };
}

/** What was read stays under the eyes while older messages come in above. */
async function older(room: Room, place: HTMLElement | null): Promise<void> {
  const fromEnd = place ? place.scrollHeight - place.scrollTop : 0;
  try {
    await room.loadOlder();
    requestAnimationFrame(() => {
      if (place) place.scrollTop = place.scrollHeight - fromEnd;
    });
  } catch (error) {
    toast(sentence(error), "bad");
  }
}
