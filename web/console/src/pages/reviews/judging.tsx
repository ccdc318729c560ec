/** Beside the turns: everything about the one that is looked at, and what can be said about it. */

import { useState } from "preact/hooks";
import { Link } from "wouter-preact";
import { may } from "../../api/index.ts";
import { Icon } from "../../parts/icon.tsx";
import { KnewBody } from "../inbox/knew.tsx";
import { minuteClock, momentOf } from "../inbox/words.ts";
import { isMarked, type Reviewing } from "./reviewing.ts";
import type { Comment, Turn } from "./wire.ts";

export type Asked = "intent" | "entities" | "entry" | "comment" | "about" | "tags" | "scenario" | null;

interface Props {
  reviewing: Reviewing;
  turn: Turn;
  onAsk: (asked: Asked) => void;
}

export function Judging({ reviewing, turn, onAsk }: Props) {
  const canTeach = may("teach") && turn.knew !== null && Boolean(turn.text);
  return (
    <>
      <h2 class="judging-title">Message {turn.index + 1}</h2>
      <div class="judging-acts">
        {canTeach && (
          <>
            <button type="button" onClick={() => onAsk("intent")}>
              Correct intent <kbd aria-hidden="true">c</kbd>
            </button>
            <button type="button" onClick={() => onAsk("entities")}>
              Entities <kbd aria-hidden="true">x</kbd>
            </button>
          </>
        )}
        <button type="button" aria-pressed={turn.answer_rating === 1} onClick={() => void reviewing.rate(turn, 1)}>
          <Icon name="happy" />
          Good <kbd aria-hidden="true">+</kbd>
        </button>
        <button type="button" aria-pressed={turn.answer_rating === -1} onClick={() => void reviewing.rate(turn, -1)}>
          <Icon name="sad" />
          Bad <kbd aria-hidden="true">-</kbd>
        </button>
        <button type="button" aria-pressed={isMarked(turn)} onClick={() => void reviewing.mark(turn)}>
          Mark <kbd aria-hidden="true">m</kbd>
        </button>
        <button type="button" onClick={() => onAsk("comment")}>
          Comment <kbd aria-hidden="true">o</kbd>
        </button>
      </div>
      <Corrected reviewing={reviewing} turn={turn} />
      <section class="judging-part">
        <h3>Should have been answered by</h3>
        <div class="row">
          {turn.should_have_been ? <code>{turn.should_have_been}</code> : <span class="muted">Not said</span>}
          <button type="button" class="link" onClick={() => onAsk("entry")}>
            {turn.should_have_been ? "Change" : "Search an entry"}
          </button>
          {turn.should_have_been && (
            <button type="button" class="link" onClick={() => void reviewing.judge(turn, { should_have_been: null }, "Taken back.")}>
              Take back
            </button>
          )}
        </div>
      </section>
      {turn.knew && (
        <section class="judging-part">
          <h3>What the bot knew</h3>
          <KnewBody knew={turn.knew} />
        </section>
      )}
      {turn.marks.length > 0 && <p class="muted small">Marked by {turn.marks.map((one) => one.by).join(", ")}</p>}
      <Comments title="Comments on this message" comments={turn.comments} />
    </>
  );
}

function Corrected({ reviewing, turn }: { reviewing: Reviewing; turn: Turn }) {
  const { corrected } = turn;
  if (!corrected) return null;
  const back = () => void reviewing.judge(turn, { intent: null, entities: null }, "Correction taken back.");
  return (
    <div class="notice good judging-corrected">
      {corrected.intent && (
        <p>
          Meant: <strong>{corrected.intent}</strong>
        </p>
      )}
      {corrected.entities && <p>Entities: {corrected.entities.map((one) => `${one.entity}: ${one.value}`).join(", ") || "none"}</p>}
      <p class="small">
        {corrected.by}, {momentOf(corrected.at, minuteClock.value)} · <Link href="/reviews/corrections">To the corrections</Link>
        {may("teach") && (
          <>
            {" · "}
            <button type="button" class="link" onClick={back}>
              Take back
            </button>
          </>
        )}
      </p>
    </div>
  );
}

export function Comments({ title, comments }: { title: string; comments: readonly Comment[] }) {
  if (!comments.length) return null;
  return (
    <section class="judging-part">
      <h3>{title}</h3>
      <ul class="judging-comments">
        {comments.map((one) => (
          <li key={one.id}>
            <p>{one.text}</p>
            <p class="muted small">
              {one.by}, {momentOf(one.at, minuteClock.value)}
            </p>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** A text that a dialog asks for: a comment. */
export function useTyped(start = ""): [string, { value: string; onInput: (event: { currentTarget: { value: string } }) => void }] {
  const [value, setValue] = useState(start);
  return [value, { value, onInput: (event) => setValue(event.currentTarget.value) }];
}
