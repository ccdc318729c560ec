/** Where a reply or a private note is written. What is here is kept until the server has it. */

import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { useUniqueId } from "../../parts/unique_id.ts";
import { me } from "../../api/index.ts";
import { Icon } from "../../parts/icon.tsx";
import { Markdown } from "../../parts/markdown.tsx";
import { announce } from "../../shell/messages.ts";
import type { ActName } from "./act_dialogs.tsx";
import { type Blank, blankIn } from "./canned.ts";
import { CannedList, NoCanned, useCanned } from "./canned_list.tsx";
import { ComposerTools } from "./composer_tools.tsx";
import type { Conversation } from "./conversations.ts";
import type { Mode } from "./drafts.ts";
import { setFieldText } from "./field_text.ts";
import { Interrupted } from "./interrupted.tsx";
import { TypingTeller } from "./presence.ts";
import { OriginalOfReply } from "./original.tsx";
import type { Room } from "./room.ts";
import { Suggestions } from "./suggestions.tsx";
import { Uploads, useUploads } from "./uploads.tsx";

interface Props {
  room: Room;
  conversation: Conversation;
  onTake: () => void;
  onAct: (act: ActName) => void;
}

const LONGEST = 4000;

export function Composer({ room, conversation }: Props) {
  const draft = room.draft.value;
  const field = useRef<HTMLTextAreaElement>(null);
  const [preview, setPreview] = useState(false);
  const [suggesting, setSuggesting] = useState(false);
  const [stopped, setStopped] = useState<{ room: Room; text: string; blank: Blank } | null>(null);
  const teller = useTeller(room.id);
  const uploads = useUploads(room);
  const text = draft.mode === "note" ? draft.note : draft.reply;
  const write = (next: string) => room.write(draft.mode === "note" ? { note: next } : { reply: next });
  const picker = useCanned(room, field, text, write);
  const hint = useUniqueId();
  useEffect(() => {
    setPreview(false);
    setSuggesting(false);
  }, [room]);
  const blank = stopped?.room === room && stopped.text === text ? stopped.blank : null;
  // After the preview has made room for the field again, and before the next key.
  useLayoutEffect(() => {
    if (!blank) return;
    field.current?.focus();
    field.current?.setSelectionRange(blank.at, blank.at + blank.words.length);
  }, [blank]);
  const canReply = conversation.state !== "closed";
  const nothing = !text.trim() && !(draft.mode === "reply" && draft.attachments.length);
  const send = () => {
    if (uploads.busy || (draft.mode === "reply" && !canReply)) return;
    const reply = room.draft.peek().reply;
    const left = draft.mode === "reply" ? blankIn(reply) : null;
    if (left) {
      setPreview(false);
      setStopped({ room, text: reply, blank: left });
      return;
    }
    if (room.sending.sendDraft()) {
      teller.stopped();
      setPreview(false);
    } else if (room.interruption.peek()) announce("Not sent yet: somebody else wrote meanwhile. See above the text.");
    field.current?.focus();
  };
  return (
    <div
      class={`composer ${draft.mode}`}
      onKeyDown={(event) => {
        if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
        event.preventDefault();
        send();
      }}
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => {
        event.preventDefault();
        uploads.add(event.dataTransfer?.files);
      }}
    >
      {draft.mode === "reply" && <Interrupted room={room} onSend={() => (room.interruption.value = null, send())} />}
      {suggesting && <Suggestions room={room} onClose={() => (setSuggesting(false), field.current?.focus())} onUse={(words) => (insert(field.current, write, words), setSuggesting(false))} />}
      <div class="composer-modes">
        <ModeButtons room={room} mode={draft.mode} onChange={() => field.current?.focus()} />
        <span class="muted small composer-hint" id={hint}>
          {hintFor(draft.mode, conversation)}
        </span>
      </div>
      {draft.mode === "reply" && <OriginalOfReply room={room} />}
      <div class="composer-field">
        {picker.open && <CannedList picker={picker} />}
        {picker.none && <NoCanned />}
        {preview ? (
          <div class="composer-preview">
            <Markdown text={text} />
          </div>
        ) : (
          <textarea
            ref={field}
            aria-label={draft.mode === "note" ? "Private note" : "Reply"}
            aria-describedby={hint}
            placeholder={draft.mode === "note" ? "Only colleagues see this" : canReply ? "Write a reply. “/” for canned replies" : "Open the conversation again to reply"}
            rows={3}
            maxLength={LONGEST}
            value={text}
            readOnly={draft.mode === "reply" && !canReply}
            aria-autocomplete="list"
            aria-controls={picker.open ? picker.listId : undefined}
            aria-activedescendant={picker.open ? picker.activeId : undefined}
            onInput={(event) => {
              write(event.currentTarget.value);
              picker.look(event.currentTarget.selectionStart);
              if (draft.mode === "reply") teller.typed();
            }}
            onKeyDown={picker.key}
            onClick={(event) => picker.look(event.currentTarget.selectionStart)}
            onBlur={() => picker.close()}
            onPaste={(event) => uploads.add(event.clipboardData?.files)}
          />
        )}
      </div>
      {blank && (
        <p class="error" role="alert">
          Not sent: “{blank.words}” is still to be filled in.
        </p>
      )}
      {draft.mode === "reply" && <Uploads uploads={uploads} room={room} />}
      <div class="composer-foot">
        <ComposerTools
          room={room}
          field={field}
          write={write}
          preview={preview}
          onPreview={() => setPreview(!preview)}
          onSuggest={() => setSuggesting(true)}
          onFiles={uploads.add}
          onCanned={picker.browse}
        />
        <button type="button" class="primary composer-send" onClick={send} aria-disabled={nothing || uploads.busy} title="Ctrl+Enter" aria-keyshortcuts="Control+Enter">
          <Icon name={draft.mode === "note" ? "note" : "send"} />
          {draft.mode === "note" ? "Add note" : "Send"}
        </button>
      </div>
    </div>
  );
}

function hintFor(mode: Mode, conversation: Conversation): string {
  if (mode === "note") return "The customer and the bot never see notes.";
  if (conversation.state === "closed") return "This conversation has ended. Open it again to reply.";
  if (conversation.status === "resolved") return "Sending opens the conversation again.";
  if (conversation.state === "agent" && conversation.agent?.id === me.value?.account.id) return "";
  if (conversation.state === "agent") return `${conversation.agent?.name ?? "A colleague"} has this conversation. Sending makes it yours.`;
  return "Sending takes it over: the bot is silent from then on.";
}

function ModeButtons({ room, mode, onChange }: { room: Room; mode: Mode; onChange: () => void }) {
  const button = (one: Mode, words: string) => (
    <button
      type="button"
      aria-pressed={mode === one}
      class="composer-mode"
      onClick={() => {
        room.write({ mode: one });
        onChange();
      }}
    >
      {words}
    </button>
  );
  return (
    <div class="composer-mode-group" role="group" aria-label="What you write">
      {button("reply", "Reply")}
      {button("note", "Private note")}
    </div>
  );
}

function useTeller(id: string): TypingTeller {
  const teller = useRef(new TypingTeller(id));
  if (teller.current.id !== id) {
    teller.current.stopped();
    teller.current = new TypingTeller(id);
  }
  useEffect(() => () => teller.current.stopped(), []);
  return teller.current;
}

/** Puts words where the caret is; what is selected is replaced, what stands there stays. */
export function insert(field: HTMLTextAreaElement | null, write: (text: string) => void, words: string): void {
  if (!field) return;
  const { selectionStart: from, selectionEnd: to, value } = field;
  const at = from + words.length;
  setFieldText(field, value.slice(0, from) + words + value.slice(to), at, at, write);
}
