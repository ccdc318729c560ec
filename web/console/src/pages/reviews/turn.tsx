/** One turn: the customer's words, what the bot took them for, what was answered. */

import { Icon } from "../../parts/icon.tsx";
import { Markdown } from "../../parts/markdown.tsx";
import { PlainText } from "../../parts/plain_text.tsx";
import { rungWords } from "../inbox/rungs.ts";
import { momentOf, minuteClock, percent, timeOf } from "../inbox/words.ts";
import { Mood } from "./rows.tsx";
import type { Said, Turn } from "./wire.ts";

interface Props {
  turn: Turn;
  current: boolean;
  onLook: () => void;
}

export function TurnItem({ turn, current, onLook }: Props) {
  return (
    <li class={current ? "turn-item current" : "turn-item"} aria-current={current ? "true" : undefined} data-turn={turn.index} onClick={onLook}>
      <div class="turn-head">
        {/* The button is the keyboard's and the screen reader's way to what a click anywhere does. */}
        <button type="button" class="turn-number figures" aria-label={`Message ${turn.index + 1}`} aria-pressed={current} onClick={onLook}>
          {turn.index + 1}
        </button>
        <time class="muted small" dateTime={turn.at} title={momentOf(turn.at, minuteClock.value)}>
          {timeOf(turn.at)}
        </time>
        <Taken turn={turn} />
        <span class="turn-signs">
          {turn.marks.length > 0 && <Sign icon="tag" words="Marked" />}
          {turn.answer_rating === 1 && <Sign icon="happy" words="Good answer" kind="good" />}
          {turn.answer_rating === -1 && <Sign icon="sad" words="Bad answer" kind="bad" />}
          {turn.should_have_been && <Sign icon="knowledge" words="Another entry" />}
          {turn.comments.length > 0 && <Sign icon="note" words={turn.comments.length === 1 ? "1 comment" : `${turn.comments.length} comments`} />}
        </span>
      </div>
      {turn.text && (
        <p class="turn-words customer">
          <span class="for-readers">Customer: </span>
          {turn.clicked ? (
            <>
              <span class="badge">Button</span> {turn.clicked} <code class="muted small">{turn.text}</code>
            </>
          ) : (
            turn.text
          )}
        </p>
      )}
      {turn.bot.map((said, at) => (
        <BotWords key={at} said={said} />
      ))}
      {turn.agent.map((said, at) => (
        <div class={said.speaker === "customer" ? "turn-words customer" : "turn-words agent"} key={at}>
          <p class="small muted">{said.speaker === "customer" ? "Customer, to the person" : (said.name ?? "A colleague")}</p>
          {said.speaker === "customer" ? <PlainText text={said.text} /> : <Markdown text={said.text} />}
        </div>
      ))}
    </li>
  );
}

function BotWords({ said }: { said: Said }) {
  return (
    <div class="turn-words bot">
      <span class="for-readers">Bot: </span>
      <Markdown text={said.text} />
      {said.buttons.length > 0 && (
        <p class="turn-buttons">
          {said.buttons.map((button) => (
            <span class="badge" key={button.title}>
              {button.title}
            </span>
          ))}
        </p>
      )}
      {(said.rung || said.citations.length > 0) && (
        <p class="small muted">
          {said.rung && `From ${rungWords(said.rung)}`}
          {said.citations.map((one) => ` · ${one.title}`)}
        </p>
      )}
    </div>
  );
}

/** The intent as the bot took it, and as it was corrected. */
function Taken({ turn }: { turn: Turn }) {
  if (!turn.knew) return turn.text ? <span class="muted small">For a person; no bot listened</span> : null;
  const intent = turn.knew.intent;
  const corrected = turn.corrected?.intent;
  const unsure = intent !== null && intent.confidence < 0.6;
  return (
    <>
      <span class={corrected ? "turn-intent was" : "turn-intent"}>
        {intent ? intent.name : "no intent"}
        {intent && <span class={unsure ? "turn-unsure figures" : "muted figures"}> {percent(intent.confidence)}</span>}
      </span>
      {corrected && (
        <span class="badge good">
          <Icon name="check" />
          {corrected}
        </span>
      )}
      {turn.corrected?.entities && (
        <span class="badge good">
          <Icon name="check" />
          entities
        </span>
      )}
      {(turn.knew.sentiment ?? 0) <= -0.2 && <Mood value={turn.knew.sentiment} />}
    </>
  );
}

function Sign({ icon, words, kind = "" }: { icon: "tag" | "happy" | "sad" | "knowledge" | "note"; words: string; kind?: string }) {
  return (
    <span class={`badge ${kind}`}>
      <Icon name={icon} />
      {words}
    </span>
  );
}
