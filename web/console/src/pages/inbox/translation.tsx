/** The other language of a message. The original always stays and is what counts. */

import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { sentence } from "../../api/errors.ts";
import { api, me } from "../../api/index.ts";
import { Icon } from "../../parts/icon.tsx";
import { Markdown } from "../../parts/markdown.tsx";
import { PlainText } from "../../parts/plain_text.tsx";
import { toast } from "../../shell/messages.ts";
import { type Conversation, known } from "./conversations.ts";
import { languageModel, NO_TRANSLATION } from "./helps.ts";
import type { Room } from "./room.ts";
import type { Item } from "./wire.ts";
import { languageOf } from "./words.ts";

const language = (locale: string): string => locale.split(/[-_]/)[0]?.toLowerCase() ?? locale;
export const ownLanguage = (): string => me.value?.account.languages[0] ?? "en";

export function foreign(conversation: Conversation): boolean {
  const spoken = me.value?.account.languages ?? [];
  return Boolean(conversation.locale && spoken.length && !spoken.some((one) => language(one) === language(conversation.locale ?? "")));
}

/** Of a customer's words what a machine made of them; of an agent's what they wrote before it was translated. */
export function Translations({ item, room, conversation }: { item: Item; room: Room; conversation: Conversation }) {
  const there = Object.entries(item.translations ?? {});
  if (item.speaker === "agent") {
    return (
      <>
        {there.map(([tag, text]) => (
          <Beside key={tag} words={`Translated by a machine from the ${languageOf(tag)}`}>
            <Markdown text={text} />
          </Beside>
        ))}
      </>
    );
  }
  if (item.speaker !== "customer" || !item.text) return null;
  const own = there.find(([tag]) => language(tag) === language(ownLanguage()));
  if (own) {
    return (
      <Beside words="Translated by a machine">
        <PlainText text={own[1]} />
      </Beside>
    );
  }
  return foreign(conversation) ? <Ask item={item} room={room} /> : null;
}

function Beside({ words, children }: { words: string; children: ComponentChildren }) {
  return (
    <div class="translation">
      <span class="muted small">{words}</span>
      {children}
    </div>
  );
}

function Ask({ item, room }: { item: Item; room: Room }) {
  const [busy, setBusy] = useState(false);
  if (languageModel.value === false) {
    const newest = room.items.value.findLast((one) => one.speaker === "customer");
    return newest?.id === item.id ? <p class="muted small">{NO_TRANSLATION}</p> : null; // once a conversation is enough
  }
  const ask = async () => {
    if (busy) return;
    setBusy(true);
    try {
      const to = ownLanguage();
      const { text } = await api.post<{ text: string }>(`/conversations/${room.id}/translate`, { item_id: item.id, to });
      room.translated(item.id, to, text);
    } catch (error) {
      toast(sentence(error), "bad");
    } finally {
      setBusy(false);
    }
  };
  return (
    <button type="button" class="link small message-translate" onClick={() => void ask()} aria-disabled={busy}>
      {busy ? "Translating…" : "Translate"}
    </button>
  );
}

/** In the composer, only where the customer writes another language than the draft is likely to be in. */
export function TranslateReply({ room, write }: { room: Room; write: (text: string) => void }) {
  const [busy, setBusy] = useState(false);
  const to = known(room.id)?.locale;
  if (!to || language(to) === language(ownLanguage()) || languageModel.value === false) return null;
  const run = async () => {
    const before = room.draft.peek().reply;
    if (!before.trim() || busy) return;
    setBusy(true);
    try {
      const { text } = await api.post<{ text: string }>(`/conversations/${room.id}/translate`, { text: before, to });
      // Somebody who writes on meanwhile keeps what they wrote.
      if (room.draft.peek().reply !== before) toast("You wrote on, so the translation was not put in.");
      else {
        write(text);
        room.write({ original: { language: ownLanguage(), text: before.trim() } });
        const undo = () => room.write({ reply: before, original: null });
        toast(`Translated to ${languageOf(to)}. Read it before you send it.`, "info", { label: "Undo", run: undo });
      }
    } catch (error) {
      toast(sentence(error), "bad");
    } finally {
      setBusy(false);
    }
  };
  return (
    <button type="button" class="quiet" onClick={() => void run()} aria-disabled={busy}>
      <Icon name="translate" />
      {busy ? "Translating…" : `To ${languageOf(to)}`}
    </button>
  );
}
