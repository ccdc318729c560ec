/** Who it is, who has it, who else looks; and what can be done. */

import { useRef } from "preact/hooks";
import { me } from "../../api/index.ts";
import { Icon } from "../../parts/icon.tsx";
import { Menu, type MenuItem } from "../../parts/menu.tsx";
import { useUnderHead } from "../../shell/under_head.ts";
import type { ActName } from "./act_dialogs.tsx";
import { reopen, setPriority, wake } from "./acts.ts";
import { type Conversation, nameOf } from "./conversations.ts";
import type { Room } from "./room.ts";
import { MoodMark, Waiting } from "./row.tsx";
import type { Viewer } from "./wire.ts";
import { ownerWords, PRIORITIES, PRIORITY_WORDS } from "./words.ts";

interface Props {
  room: Room;
  conversation: Conversation;
  onTake: () => void;
  onAct: (act: ActName) => void;
  onPanel: () => void;
  panelOn: boolean;
  onBack: () => void;
}

export function Head({ room, conversation, onTake, onAct, onPanel, panelOn, onBack }: Props) {
  const own = me.value?.account.id ?? "";
  const isMine = conversation.state === "agent" && conversation.agent?.id === own;
  const isOver = conversation.status === "resolved";
  const head = useRef<HTMLElement>(null);
  useUnderHead(head);
  return (
    <header class="conversation-head" ref={head}>
      <button type="button" class="icon-only quiet conversation-back" aria-label="Back to the list" onClick={onBack}>
        <Icon name="back" />
      </button>
      <div class="conversation-who">
        <h1 class="cut">{nameOf(conversation)}</h1>
        <p class="conversation-facts">
          <span class={`badge ${isMine ? "accent" : conversation.state === "queued" ? "warn" : ""}`}>{ownerWords(conversation, own)}</span>
          {conversation.priority !== "normal" && <span class={`badge ${conversation.priority === "low" ? "" : "bad"}`}>{PRIORITY_WORDS[conversation.priority]}</span>}
          {conversation.waiting_since !== null && <Waiting conversation={conversation} />}
          <MoodMark value={conversation.mood} />
          <Presence viewers={room.others.value} />
        </p>
      </div>
      <div class="conversation-acts">
        {isOver ? (
          <button type="button" onClick={() => void reopen(conversation.id)}>
            Open again
          </button>
        ) : (
          <>
            {!isMine && (
              <button type="button" class="primary" onClick={onTake} aria-keyshortcuts="t">
                Take over
              </button>
            )}
            {conversation.status === "snoozed" && (
              <button type="button" onClick={() => void wake(conversation.id)}>
                Wake
              </button>
            )}
            {isMine && (
              <>
                <button type="button" class="conversation-wide-act" title="Hand back to the bot (b)" onClick={() => onAct("return")} aria-keyshortcuts="b">
                  <Icon name="bot" />
                  <span>Hand back</span>
                </button>
                {conversation.status !== "snoozed" && (
                  <button type="button" class="conversation-wide-act" title="Snooze (s)" onClick={() => onAct("snooze")} aria-keyshortcuts="s">
                    <Icon name="snooze" />
                    <span>Snooze</span>
                  </button>
                )}
                <button type="button" onClick={() => onAct("resolve")} aria-keyshortcuts="e">
                  <Icon name="check" />
                  Resolve
                </button>
              </>
            )}
          </>
        )}
        <Menu label="More for this conversation" items={moreItems(conversation, isMine, isOver, onAct)} />
        <button type="button" class="icon-only quiet" aria-label="Customer’s panel" title="Customer’s panel (i)" aria-pressed={panelOn} onClick={onPanel}>
          <Icon name="panel" />
        </button>
      </div>
    </header>
  );
}

function moreItems(conversation: Conversation, isMine: boolean, isOver: boolean, onAct: (act: ActName) => void): MenuItem[] {
  const act = (label: string, name: ActName, icon: MenuItem["icon"], keys?: string): MenuItem => ({
    label,
    run: () => onAct(name),
    ...(icon ? { icon } : {}),
    ...(keys ? { keys } : {}),
  });
  const priorities: MenuItem[] = PRIORITIES.map((one) => ({
    label: `Priority: ${PRIORITY_WORDS[one].toLowerCase()}`,
    checked: conversation.priority === one,
    run: () => void setPriority(conversation.id, one),
  }));
  const open = [
    ...(conversation.state !== "agent" ? [] : [act("Hand back to the bot…", "return", "bot", "b")]),
    act("Snooze…", "snooze", "snooze", "s"),
    act("Give to…", "transfer", "transfer", "a"),
    ...(isMine ? [] : [act("Resolve…", "resolve", "check", "e")]),
  ];
  return [
    ...(isOver ? [] : open),
    act("Tags…", "tags", "tag", "l"),
    act("Make a ticket…", "ticket", "ticket"),
    act("Merge into another…", "merge", "merge"),
    ...priorities,
  ];
}

function Presence({ viewers }: { viewers: readonly Viewer[] }) {
  const typing = viewers.filter((one) => one.typing).map((one) => one.name);
  const looking = viewers.filter((one) => !one.typing).map((one) => one.name);
  return (
    <span class="presence" role="status">
      {typing.length > 0 && (
        <span class="badge warn">
          <Icon name="edit" />
          {named(typing)} writing…
        </span>
      )}
      {looking.length > 0 && (
        <span class="badge">
          <Icon name="eye" />
          {named(looking)} looking
        </span>
      )}
    </span>
  );
}

function named(names: readonly string[]): string {
  if (names.length === 1) return `${names[0]} is`;
  return names.length === 2 ? `${names[0]} and ${names[1]} are` : `${names[0]} and ${names.length - 1} more are`;
}
