/** One item of the timeline. Who speaks is told by words and place, not by colour alone. */

import { api, me } from "../../api/index.ts";
import { Icon, type IconName } from "../../parts/icon.tsx";
import { Markdown } from "../../parts/markdown.tsx";
import { PlainText } from "../../parts/plain_text.tsx";
import { type Conversation, nameOf } from "./conversations.ts";
import { KnewDetails, saysTheSame } from "./knew.tsx";
import type { Room } from "./room.ts";
import type { Attachment, Item } from "./wire.ts";
import { Translations } from "./translation.tsx";
import { eventWords, sizeOf, timeOf } from "./words.ts";

interface Props {
  item: Item;
  /** The same speaker goes on: no need to name them again. */
  follows: boolean;
  /** What is said after it. */
  next: Item | undefined;
  conversation: Conversation;
  room: Room;
}

export function Message({ item, follows, next, conversation, room }: Props) {
  if (item.speaker === "system") return <SystemLine item={item} />;
  const kind = item.note ? "note" : item.speaker;
  return (
    <article class={follows ? `message ${kind} follows` : `message ${kind}`} aria-label={`${whoSpeaks(item, conversation)}, ${timeOf(item.at)}`}>
      {!follows && (
        <header class="message-head">
          <SpeakerIcon kind={kind} />
          <strong>{whoSpeaks(item, conversation)}</strong>
          <time dateTime={item.at} class="muted">
            {timeOf(item.at)}
          </time>
        </header>
      )}
      <div class="bubble">
        {item.text && (item.speaker === "customer" ? <PlainText text={item.text} /> : <Markdown text={item.text} />)}
        {item.cards.map((card) => (
          <p class="message-card" key={card.title}>
            <strong>{card.title}</strong>
            {card.subtitle && <span class="muted"> {card.subtitle}</span>}
          </p>
        ))}
        {item.attachments.map((file) => (
          <File key={file.id} file={file} conversation={conversation.id} />
        ))}
        {item.image && <p class="muted small">Picture: {item.image}</p>}
      </div>
      {item.buttons.length > 0 && (
        <p class="message-offered muted small">
          Offered: {item.buttons.map((button) => button.title).join(" · ")}
        </p>
      )}
      {item.speaker === "bot" && item.knew && !(next?.speaker === "bot" && saysTheSame(item.knew, next.knew)) && <KnewDetails knew={item.knew} />}
      {!item.note && <Translations item={item} room={room} conversation={conversation} />}
    </article>
  );
}

function whoSpeaks(item: Item, conversation: Conversation): string {
  const own = me.value?.account.name;
  if (item.note) return `Private note · ${item.name === own ? "You" : (item.name ?? "a colleague")}`;
  if (item.speaker === "bot") return "Bot";
  if (item.speaker === "agent") return item.name === own ? "You" : (item.name ?? "A colleague");
  return nameOf(conversation);
}

const ICONS: Record<string, IconName> = { customer: "account", bot: "bot", agent: "reply", note: "note" };

function SpeakerIcon({ kind }: { kind: string }) {
  return <Icon name={ICONS[kind] ?? "account"} class="small" />;
}

function SystemLine({ item }: { item: Item }) {
  return (
    <p class="system-line">
      <span title={item.text ? `The customer reads: ${item.text}` : undefined}>{eventWords(item.event, item.text, item.name)}</span>
      <time dateTime={item.at}>{timeOf(item.at)}</time>
    </p>
  );
}

const INLINE = new Set(["image/png", "image/jpeg", "image/gif", "image/webp"]);

/** The server says what a file is by its bytes; a picture is shown, everything else is only offered. */
export function File({ file, conversation }: { file: Attachment; conversation: string }) {
  const address = api.address(`/conversations/${conversation}/attachments/${file.id}`);
  return (
    <a class="file" href={address} target="_blank" rel="noopener noreferrer">
      {INLINE.has(file.type) ? <img src={address} alt={file.name} loading="lazy" /> : <Icon name="attach" class="small" />}
      <span class="cut">{file.name}</span>
      <span class="muted small">{sizeOf(file.size)}</span>
    </a>
  );
}
