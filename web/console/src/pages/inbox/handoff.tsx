/** Why a person is needed, and what the bot found out before: the first thing that is read after taking over. */

import { useState } from "preact/hooks";
import { Icon } from "../../parts/icon.tsx";
import type { Conversation } from "./conversations.ts";
import type { Room } from "./room.ts";
import type { Handoff } from "./wire.ts";
import { minuteClock, moodOf, momentOf, PRIORITY_WORDS, reasonWords, spelled } from "./words.ts";

/** Lines of the record (`actions/handoff/dossier.py`) that stand among the facts or in the conversation, too. */
const SAID_BELOW = /^(Reason|About|Known|Tried|Mood|Customer messages so far|Last words): /;
/** What is no wish of the customer's: not understood, an answer to the bot's question, and the call for a person itself. */
const NO_WISH = new Set(["nlu_fallback", "inform", "affirm", "deny", "request_human"]);

/** The summary without what is read beside it anyway. */
const briefly = (handoff: Handoff): string =>
  handoff.summary
    .split("\n")
    .filter((line) => !SAID_BELOW.test(line) && line !== `${reasonWords(handoff.reason)}.`)
    .join("\n")
    .trim();

export function HandoffCard({ room, conversation }: { room: Room; conversation: Conversation }) {
  const handoff = room.handoff.value;
  const answered = room.items.value.some((item) => item.speaker === "agent" && !item.note);
  const [open, setOpen] = useState(!answered && conversation.state !== "closed");
  if (!handoff) return null;
  const brief = briefly(handoff);
  const wishes = handoff.intents.filter((intent) => !NO_WISH.has(intent));
  return (
    <details class="handoff" open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        <Icon name="right" class="small turn" />
        <span class="handoff-reason">{reasonWords(handoff.reason)}</span>
        <span class="cut muted">{brief || handoff.last_words}</span>
        <span class="small muted handoff-at">{momentOf(handoff.at, minuteClock.value)}</span>
      </summary>
      <div class="handoff-body">
        {brief && <p class="handoff-brief">{brief}</p>}
        <dl class="facts">
          <Fact name="Priority">{`${PRIORITY_WORDS[handoff.priority] ?? handoff.priority}${handoff.team ? ` · ${spelled(handoff.team)}` : ""}`}</Fact>
          {Object.entries(handoff.collected).map(([name, value]) => (
            <Fact key={name} name={spelled(name)}>
              {inWords(value)}
            </Fact>
          ))}
          {wishes.length > 0 && <Fact name="Wanted">{wishes.map(spelled).join(", ")}</Fact>}
          {handoff.tried.length > 0 && <Fact name="Bot tried">{handoff.tried.map(spelled).join(", ")}</Fact>}
          {handoff.sentiment.length > 0 && (
            <Fact name="Mood">
              <MoodLine handoff={handoff} />
            </Fact>
          )}
          {handoff.last_words && <Fact name="Last words">“{handoff.last_words}”</Fact>}
          {handoff.ticket_number && <Fact name="Ticket">{handoff.ticket_number}</Fact>}
        </dl>
      </div>
    </details>
  );
}

export function Fact({ name, children }: { name: string; children: preact.ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

export const shown = (value: unknown): string =>
  value === null || value === undefined ? "–" : typeof value === "object" ? JSON.stringify(value) : String(value);

/** The same for people: what only the machine calls so (order_status) as words. */
export const inWords = (value: unknown): string => (typeof value === "string" && /^[a-z]+(?:_[a-z]+)+$/.test(value) ? spelled(value) : shown(value));

/** How the mood went, as bars and in words. */
function MoodLine({ handoff }: { handoff: Handoff }) {
  const values = handoff.sentiment.slice(-12);
  const words = moodOf(values.at(-1) ?? null)?.word ?? "";
  return (
    <span class="mood-line">
      <svg viewBox={`0 0 ${values.length * 6} 20`} width={values.length * 9} height="14" preserveAspectRatio="none" role="img" aria-label={`Mood of the last messages: ${values.map((one) => one.toFixed(1)).join(", ")}`}>
        <line x1="0" x2={values.length * 6} y1="10" y2="10" class="mood-zero" />
        {values.map((value, at) => {
          const height = Math.max(1, Math.abs(value) * 9);
          return <rect key={at} x={at * 6 + 1} width="4" y={value >= 0 ? 10 - height : 10} height={height} class={value < 0 ? "below" : "above"} />;
        })}
      </svg>
      {words}
    </span>
  );
}
