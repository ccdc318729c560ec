/** Live teaching: talk to the bot, see why it does what it does, correct it on the spot. */

import { useEffect, useRef, useState } from "preact/hooks";
import { sentence } from "../../api/errors.ts";
import { api } from "../../api/index.ts";
import { Icon } from "../../parts/icon.tsx";
import { Empty } from "../../parts/state.tsx";
import { announce } from "../../shell/messages.ts";
import { Page } from "../../shell/page.tsx";
import { useShortcuts } from "../../shell/shortcuts.ts";
import { Asking } from "./asking.tsx";
import { loadIntents } from "./intents.ts";
import { type Asked, Judging } from "./judging.tsx";
import { ReviewViews } from "./page.tsx";
import { Reviewing } from "./reviewing.ts";
import { TurnItem } from "./turn.tsx";
import type { Row, Turn } from "./wire.ts";

const NO_ROW: Row = {
  id: "", channel: "teach", started_at: "", ended_at: "", turns: 0, customer_messages: 0, intents: [], min_confidence: null, fallbacks: 0, rungs: [],
  handoff_reason: null, rating: null, sentiment_min: null, outcome: "unknown", model_version: null, tags: [], state: "unread", flagged: false, first_text: null, why_next: null,
};

export function Teach() {
  const [reviewing, setReviewing] = useState<Reviewing | null>(null);
  const [asked, setAsked] = useState<Asked>(null);
  const turn = reviewing?.current;
  useEffect(() => void loadIntents(), []);
  const heard = async (text: string) => {
    const answer = await api.post<{ session_id: string; turn: Turn }>("/reviews/teach", { text, ...(reviewing ? { session_id: reviewing.id } : {}) });
    const talk = reviewing ?? new Reviewing(answer.session_id);
    if (!talk.review.value) talk.review.value = { row: NO_ROW, turns: [], comments: [] };
    talk.put(answer.turn);
    talk.look(talk.turns.length - 1);
    setReviewing(talk);
    announce(`Bot: ${answer.turn.bot.map((said) => said.text).join(" ")}`);
  };
  useShortcuts("Teach", [
    { keys: "j", label: "Next message", run: () => reviewing?.look(reviewing.at.value + 1) },
    { keys: "k", label: "Previous message", run: () => reviewing?.look(reviewing.at.value - 1) },
    { keys: "c", label: "Correct the intent", when: Boolean(turn?.knew), run: () => setAsked("intent") },
    { keys: "x", label: "Correct the entities", when: Boolean(turn?.knew), run: () => setAsked("entities") },
  ]);
  const actions = reviewing && (
    <button type="button" onClick={() => setReviewing(null)}>
      <Icon name="refresh" />
      Begin again
    </button>
  );
  return (
    <Page title="Reviews" about="Talk to the bot as a customer would. This talk counts in no figure." actions={actions}>
      <ReviewViews />
      <div class="teach">
        <div class="teach-talk card">
          {reviewing ? <Turns reviewing={reviewing} /> : <Empty icon="bot" title="Say something to the bot">You see what it understood, what it did and why; press c to correct it.</Empty>}
          <Say onSay={heard} />
        </div>
        <section class="judging card" aria-label="The chosen message" tabIndex={0}>
          {reviewing && turn ? <Judging reviewing={reviewing} turn={turn} onAsk={setAsked} /> : <p class="muted">The bot’s reasons stand here.</p>}
        </section>
      </div>
      {reviewing && <Asking asked={asked} reviewing={reviewing} onClose={() => setAsked(null)} />}
    </Page>
  );
}

function Turns({ reviewing }: { reviewing: Reviewing }) {
  const list = useRef<HTMLOListElement>(null);
  const at = reviewing.at.value;
  useEffect(() => list.current?.children[at]?.scrollIntoView({ block: "nearest" }), [at, reviewing.turns.length]);
  return (
    <ol ref={list} class="teach-turns" aria-label="Messages" tabIndex={0}>
      {reviewing.turns.map((one, place) => (
        <TurnItem key={one.index} turn={one} current={place === at} onLook={() => reviewing.look(place)} />
      ))}
    </ol>
  );
}

function Say({ onSay }: { onSay: (text: string) => Promise<void> }) {
  const [text, setText] = useState("");
  const [waiting, setWaiting] = useState(false);
  const [error, setError] = useState("");
  const say = async (event: Event) => {
    event.preventDefault();
    if (!text.trim() || waiting) return;
    setWaiting(true);
    setError("");
    try {
      await onSay(text.trim());
      setText("");
    } catch (thrown) {
      setError(sentence(thrown));
    }
    setWaiting(false);
  };
  return (
    <form class="teach-say" onSubmit={say}>
      {error && (
        <p class="error" role="alert">
          {error}
        </p>
      )}
      <div class="teach-line">
        <input aria-label="Say to the bot" placeholder="Say to the bot" maxLength={4000} autocomplete="off" value={text} onInput={(event) => setText(event.currentTarget.value)} />
        <button type="submit" class="primary" aria-disabled={waiting}>
          <Icon name="send" />
          {waiting ? "Waiting…" : "Say"}
        </button>
      </div>
    </form>
  );
}
