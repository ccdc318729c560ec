/** Why a person is needed, and what the bot found out before: the first thing that is read after taking over. */

import { useState } from "preact/hooks";
import { Icon } from "../../parts/icon.tsx";
import type { Conversation } from "./conversations.ts";
import type { Room } from "./room.ts";
import type { Handoff } from "./wire.ts";
import { minuteClock, moodOf, momentOf, PRIORITY_WORDS, reasonWords, spelled } from "./words.ts";

export function HandoffCard({ room, conversation }: { room: Room; conversation: Conversation }) {
  const handoff = room.handoff.value;
  const answered = room.items.value.some((item) => item.speaker === "agent" && !item.note);
  const [open, setOpen] = useState(!answered && conversation.state !== "closed");
  if (!handoff) return null;
  return (
    <details class="handoff" open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        <Icon name="right" class="small turn" />
        <span class="handoff-reason">{reasonWords(handoff.reason)}</span>
        <span class="cut muted">{handoff.summary}</span>
        <span class="small muted handoff-at">{momentOf(handoff.at, minuteClock.value)}</span>
      </summary>
      <div class="handoff-body">
        <p>{handoff.summary}</p>
        <dl class="facts">
          <Fact name="Priority">{`${PRIORITY_WORDS[handoff.priority] ?? handoff.priority}${handoff.team ? ` · ${spelled(handoff.team)}` : ""}`}</Fact>
          {Object.entries(handoff.collected).map(([name, value]) => (
            <Fact key={name} name={spelled(name)}>
              {shown(value)}
            </Fact>
          ))}
          {handoff.intents.length > 0 && <Fact name="Wanted">{handoff.intents.map(spelled).join(", ")}</Fact>}
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
