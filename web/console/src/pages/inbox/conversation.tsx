/** One conversation: head, why it is here, what was said, and the composer; beside it who the customer is. */

import { signal } from "@preact/signals";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { isType, sentence } from "../../api/errors.ts";
import { Dialog } from "../../parts/dialog.tsx";
import { Icon } from "../../parts/icon.tsx";
import { Failed, Loading } from "../../parts/state.tsx";
import { useTitle } from "../../shell/page.tsx";
import { useShortcuts } from "../../shell/shortcuts.ts";
import { me } from "../../api/index.ts";
import { take } from "./acts.ts";
import { Composer } from "./composer.tsx";
import { conversations, nameOf } from "./conversations.ts";
import { ActDialog, type ActName } from "./act_dialogs.tsx";
import { Head } from "./head.tsx";
import { HandoffCard } from "./handoff.tsx";
import { usePresence } from "./presence.ts";
import { type Room, roomOf } from "./room.ts";
import { SidePanel } from "./side_panel.tsx";
import { Timeline } from "./timeline.tsx";

/** Whether the panel at the right is wanted; on narrow windows it opens over the conversation. */
const panelOn = signal(true);

export function ConversationPane({ id, onLeave, onClose }: { id: string; onLeave: () => void; onClose: () => void }) {
  const room = roomOf(id);
  // Opened now, not before: that is what colleagues and the audit log read. Again with each look: one that the bot
  // has may have gone on while its tab was closed to sight, and the stream tells of people's only.
  useEffect(() => void room.load(), [room]);
  const conversation = conversations.value.get(id);
  useTitle(conversation ? nameOf(conversation) : "Conversation");
  if (room.state.value === "failed") {
    return (
      <section class="conversation" aria-label="Conversation">
        <h1 class="for-readers">Conversation</h1>
        {isType(room.problem.value, "not_found") ? <Gone room={room} onClose={onClose} /> : <Failed error={room.problem.value} again={() => void room.load()} />}
      </section>
    );
  }
  if (!conversation || room.state.value === "loading") {
    return (
      <section class="conversation" aria-label="Conversation">
        <h1 class="for-readers">Conversation</h1>
        <Loading what="Loading the conversation" />
      </section>
    );
  }
  return <Opened room={room} onLeave={onLeave} />;
}

function Gone({ room, onClose }: { room: Room; onClose: () => void }) {
  return (
    <div class="state" role="alert">
      <Icon name="warning" />
      <p class="state-title">{room.deleted.value ? "The customer deleted this conversation." : sentence(room.problem.value)}</p>
      {room.deleted.value && <p class="muted">In the chat, or by asking us to. Nothing of it is kept.</p>}
      <button type="button" onClick={onClose}>
        Close this tab
      </button>
    </div>
  );
}

function Opened({ room, onLeave }: { room: Room; onLeave: () => void }) {
  const conversation = conversations.value.get(room.id);
  const pane = useRef<HTMLElement>(null);
  const [doing, setDoing] = useState<ActName | null>(null);
  const narrow = useNarrow();
  const [sheet, setSheet] = useState(false);
  usePresence(room);
  useFocusOnOpen(pane, room.id);
  const composerField = () => pane.current?.querySelector<HTMLTextAreaElement>(".composer textarea");
  const write = (mode: "reply" | "note") => {
    room.write({ mode });
    // At once, so that what is typed next is not taken for a shortcut.
    composerField()?.focus();
  };
  const isMine = conversation?.state === "agent" && conversation.agent?.id === me.value?.account.id;
  const isOver = conversation?.status === "resolved";
  const takeIt = () => {
    // The composer at once, not when the server has answered: what is typed meanwhile must be text.
    write("reply");
    void take(room.id);
  };
  useShortcuts("Conversation", [
    { keys: "t", label: "Take over", run: takeIt, when: !isMine },
    { keys: "r", label: "Write a reply", run: () => write("reply") },
    { keys: "n", label: "Write a private note", run: () => write("note") },
    { keys: "e", label: "Resolve", run: () => setDoing("resolve"), when: !isOver },
    { keys: "s", label: "Snooze", run: () => setDoing("snooze"), when: !isOver },
    { keys: "b", label: "Hand back to the bot", run: () => setDoing("return"), when: conversation?.state === "agent" },
    { keys: "a", label: "Give to a colleague or a team", run: () => setDoing("transfer"), when: !isOver },
    { keys: "l", label: "Tags", run: () => setDoing("tags") },
    { keys: "i", label: "Customer’s panel", run: () => (narrow ? setSheet(true) : (panelOn.value = !panelOn.value)) },
    { keys: "Escape", label: "Leave the composer, then the conversation", typing: true, run: () => leave(pane.current, onLeave) },
  ]);
  if (!conversation) return null;
  const togglePanel = () => (narrow ? setSheet(true) : (panelOn.value = !panelOn.value));
  return (
    <>
      <section class="conversation" aria-label={`Conversation with ${nameOf(conversation)}`} ref={pane} tabIndex={-1}>
        <Head room={room} conversation={conversation} onTake={takeIt} onAct={setDoing} onPanel={togglePanel} panelOn={!narrow && panelOn.value} onBack={onLeave} />
        <HandoffCard room={room} conversation={conversation} />
        <Timeline room={room} conversation={conversation} />
        <Composer room={room} conversation={conversation} onTake={takeIt} onAct={setDoing} />
      </section>
      {!narrow && panelOn.value && (
        <aside class="side-panel" aria-label="Customer and conversation">
          <SidePanel room={room} conversation={conversation} onAct={setDoing} />
        </aside>
      )}
      {sheet && (
        <Dialog title="Customer and conversation" sheet onClose={() => setSheet(false)}>
          <SidePanel room={room} conversation={conversation} onAct={setDoing} />
        </Dialog>
      )}
      {doing && <ActDialog act={doing} conversation={conversation} onClose={() => setDoing(null)} onDone={() => setDoing(null)} />}
    </>
  );
}

function leave(pane: HTMLElement | null, onLeave: () => void): void {
  const focused = document.activeElement;
  if (focused instanceof HTMLInputElement || focused instanceof HTMLSelectElement) focused.blur();
  else if (focused instanceof HTMLTextAreaElement) pane?.focus();
  else onLeave();
}

/** Opened by the keyboard or a click, the conversation is where reading goes on; on a phone it is all there is. */
function useFocusOnOpen(pane: { current: HTMLElement | null }, id: string): void {
  // Before anything can be typed: a focus that moves away under the fingers would make shortcuts of words.
  useLayoutEffect(() => {
    if (!pane.current?.contains(document.activeElement)) pane.current?.focus({ preventScroll: true });
  }, [id]);
}

const NARROW = "(max-width: 75rem)";

function useNarrow(): boolean {
  const [narrow, setNarrow] = useState(() => matchMedia(NARROW).matches);
  useEffect(() => {
    const query = matchMedia(NARROW);
    const change = () => setNarrow(query.matches);
    query.addEventListener("change", change);
    return () => query.removeEventListener("change", change);
  }, []);
  return narrow;
}
