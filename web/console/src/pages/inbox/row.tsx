/** One conversation in the list: who, since when, what was said last, and how they are, at a glance. */

import { Link } from "wouter-preact";
import { me } from "../../api/index.ts";
import { Icon } from "../../parts/icon.tsx";
import { plain } from "../../parts/markdown.tsx";
import { oneLine } from "../../parts/plain_text.tsx";
import { type Conversation, nameOf } from "./conversations.ts";
import { clock, duration, minuteClock, momentOf, moodOf, ownerWords, PRIORITY_WORDS, urgencyOfWait } from "./words.ts";

interface Props {
  conversation: Conversation;
  href: string;
  current: boolean;
  /** The one row that Tab reaches. */
  reachable: boolean;
}

export function Row({ conversation, href, current, reachable }: Props) {
  const own = me.value?.account.id ?? "";
  return (
    <li>
      <Link
        href={href}
        class={conversation.unread ? "inbox-row unread" : "inbox-row"}
        aria-current={current ? "true" : undefined}
        tabIndex={reachable ? 0 : -1}
        data-conversation={conversation.id}
      >
        <span class="inbox-row-top">
          <PriorityMark conversation={conversation} />
          <span class="inbox-row-name cut">{nameOf(conversation)}</span>
          <Waiting conversation={conversation} />
        </span>
        <span class="inbox-row-words cut">{lastWords(conversation, own)}</span>
        <span class="inbox-row-facts">
          <MoodMark value={conversation.mood} />
          <span>{ownerWords(conversation, own)}</span>
          {/* Whole tags or none: those without room wrap out of sight. */}
          <span class="inbox-row-tags">
            {conversation.tags.slice(0, 3).map((tag) => (
              <span class="inbox-row-tag cut" key={tag}>
                {tag}
              </span>
            ))}
          </span>
          {conversation.unread > 0 && (
            <span class="count">
              {conversation.unread}
              <span class="for-readers"> unread</span>
            </span>
          )}
        </span>
      </Link>
    </li>
  );
}

function lastWords(conversation: Conversation, own: string): string {
  const { last } = conversation;
  if (!last) return conversation.title || "Nothing said yet";
  const file = last.file && !last.text ? `${last.file.type.startsWith("image/") ? "Picture" : "File"}: ${last.file.name}` : "";
  if (last.speaker === "customer") return file || oneLine(last.text);
  // What the bot said is the same in many rows; what the customer wants is not. The title is their last words.
  if (last.speaker === "bot" && conversation.title) return oneLine(conversation.title);
  const who = { bot: "Bot: ", agent: conversation.agent?.id === own ? "You: " : "Colleague: ", system: "" }[last.speaker];
  return who + (file || plain(last.text));
}

export function Waiting({ conversation }: { conversation: Conversation }) {
  const since = conversation.waiting_since;
  if (since === null) {
    const at = conversation.last?.at ?? conversation.updated_at;
    return <time class="inbox-row-time muted" dateTime={at}>{momentOf(at, minuteClock.value)}</time>;
  }
  const seconds = (clock.value - since) / 1000;
  const grade = urgencyOfWait(seconds);
  return (
    <span class={`inbox-wait figures ${grade}`}>
      <Icon name={grade === "too-long" ? "warning" : "clock"} class="small" />
      <span class="for-readers">Waits </span>
      {duration(seconds)}
    </span>
  );
}

export function MoodMark({ value }: { value: number | null }) {
  const mood = moodOf(value);
  if (!mood) return null;
  return (
    <span class={`mood ${mood.icon}`}>
      <Icon name={mood.icon} class="small" />
      {mood.word}
    </span>
  );
}

function PriorityMark({ conversation }: { conversation: Conversation }) {
  const { priority } = conversation;
  if (priority === "normal" || priority === "low") return null;
  return (
    <span class={`priority ${priority}`}>
      <Icon name={priority === "urgent" ? "urgent" : "flag"} class="small" />
      {PRIORITY_WORDS[priority]}
    </span>
  );
}
