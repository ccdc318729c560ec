import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { Link, useLocation } from "wouter-preact";
import { sentence } from "../../api/errors.ts";
import { may } from "../../api/index.ts";
import { Icon } from "../../parts/icon.tsx";
import { Failed, Loading } from "../../parts/state.tsx";
import { shortVersion } from "../../parts/version.tsx";
import { announce, toast } from "../../shell/messages.ts";
import { Page } from "../../shell/page.tsx";
import { type Shortcut, useShortcuts } from "../../shell/shortcuts.ts";
import { minuteClock, momentOf, reasonWords, spelled } from "../inbox/words.ts";
import { Asking } from "./asking.tsx";
import { OUTCOMES } from "./filters.ts";
import { loadIntents } from "./intents.ts";
import { type Asked, Comments, Judging } from "./judging.tsx";
import { Reviewing } from "./reviewing.ts";
import { Marks } from "./rows.tsx";
import { listAddress, nextAfter, reviewAddress, trail } from "./trail.ts";
import { TurnItem } from "./turn.tsx";
import type { Row, State, Turn } from "./wire.ts";

export function Conversation({ id }: { id: string }) {
  const reviewing = useMemo(() => new Reviewing(id), [id]);
  useEffect(() => {
    trail.last = id;
    void loadIntents();
    void reviewing.load();
  }, [reviewing]);
  const review = reviewing.review.value;
  return (
    <Page title={review?.row.first_text || "Transcript"} full>
      {reviewing.failed.value !== null && <Failed error={reviewing.failed.value} again={() => void reviewing.load()} />}
      {!review && reviewing.failed.value === null && <Loading what="Loading the transcript" />}
      {review && <Open reviewing={reviewing} row={review.row} />}
    </Page>
  );
}

function Open({ reviewing, row }: { reviewing: Reviewing; row: Row }) {
  const [asked, setAsked] = useState<Asked>(null);
  const [, go] = useLocation();
  const list = useRef<HTMLOListElement>(null);
  const turn = reviewing.current;
  useShown(list, reviewing);
  const toNext = async () => {
    try {
      const found = await nextAfter(reviewing.id);
      if (found) go(reviewAddress(found));
      else {
        toast("That was the last one.", "good");
        go(listAddress());
      }
    } catch (error) {
      toast(sentence(error), "bad");
    }
  };
  const finish = async (state: State, said: string) => {
    if (await reviewing.change({ state }, said)) await toNext();
  };
  const acts = { done: () => void finish("reviewed", "Reviewed."), later: () => void finish("later", "Saved for later."), next: () => void toNext() };
  const flag = () => void reviewing.change({ flagged: !row.flagged }, row.flagged ? "Flag taken away." : "Flagged.");
  useShortcuts("Transcript", shortcutsOf(reviewing, setAsked, { ...acts, flag, back: () => go(listAddress()) }));
  return (
    <div class="review">
      <Head row={row} onAsk={setAsked} onFlag={flag} {...acts} />
      <div class="review-turns">
        <ol ref={list} aria-label="Messages">
          {reviewing.turns.map((one, at) => (
            <TurnItem key={one.index} turn={one} current={at === reviewing.at.value} onLook={() => reviewing.look(at)} />
          ))}
        </ol>
        <Comments title="Comments on the conversation" comments={reviewing.review.value?.comments ?? []} />
      </div>
      <section class="judging" aria-label="The chosen message" tabIndex={0}>
        {turn ? <Judging reviewing={reviewing} turn={turn} onAsk={setAsked} /> : <p class="muted">Nothing was said.</p>}
      </section>
      <Asking asked={asked} reviewing={reviewing} onClose={() => setAsked(null)} />
    </div>
  );
}

/** The turn that is looked at is in view, and told to those who listen. */
function useShown(list: { current: HTMLElement | null }, reviewing: Reviewing): void {
  const at = reviewing.at.value;
  const first = useRef(true);
  useEffect(() => {
    list.current?.children[at]?.scrollIntoView({ block: "nearest" });
    const turn = reviewing.current;
    if (!first.current && turn) announce(`Message ${turn.index + 1}: ${turn.clicked ?? turn.text}. ${turn.knew?.intent?.name ?? ""}`);
    first.current = false;
  }, [at]);
}

interface Acts {
  done: () => void;
  later: () => void;
  next: () => void;
}

function shortcutsOf(reviewing: Reviewing, ask: (asked: Asked) => void, acts: Acts & { flag: () => void; back: () => void }): Shortcut[] {
  const turn = reviewing.current;
  const teach = may("teach") && Boolean(turn?.knew) && Boolean(turn?.text);
  const has = turn !== undefined;
  // Asked when the key is pressed: two quick keys may come before the page is drawn again.
  const now = (run: (turn: Turn) => unknown) => () => {
    if (reviewing.current) run(reviewing.current);
  };
  return [
    { keys: "j", label: "Next message", run: () => reviewing.look(reviewing.at.value + 1) },
    { keys: "k", label: "Previous message", run: () => reviewing.look(reviewing.at.value - 1) },
    { keys: "c", label: "Correct the intent", when: teach, run: () => ask("intent") },
    { keys: "x", label: "Correct the entities", when: teach, run: () => ask("entities") },
    { keys: "+", label: "A good answer", when: has, run: now((one) => reviewing.rate(one, 1)) },
    { keys: "-", label: "A bad answer", when: has, run: now((one) => reviewing.rate(one, -1)) },
    { keys: "m", label: "Mark the message", when: has, run: now((one) => reviewing.mark(one)) },
    { keys: "b", label: "Should have been answered by…", when: has, run: () => ask("entry") },
    { keys: "o", label: "Comment on the message", when: has, run: () => ask("comment") },
    { keys: "O", label: "Comment on the conversation", run: () => ask("about") },
    { keys: "t", label: "Tags", run: () => ask("tags") },
    { keys: "f", label: "Flag", run: acts.flag },
    { keys: "s", label: "As a scenario", run: () => ask("scenario") },
    { keys: "e", label: "Reviewed, and the next one", run: acts.done },
    { keys: "l", label: "Save for later, and the next one", run: acts.later },
    { keys: "n", label: "The next one", run: acts.next },
    { keys: "u", label: "Back to the list", run: acts.back },
  ];
}

function Head({ row, onAsk, onFlag, done, later, next }: Acts & { row: Row; onAsk: (asked: Asked) => void; onFlag: () => void }) {
  const facts = [
    momentOf(row.started_at, minuteClock.value),
    spelled(row.channel),
    OUTCOMES[row.outcome] ?? row.outcome,
    row.handoff_reason && reasonWords(row.handoff_reason),
    row.rating !== null && `rated ${row.rating} of 5`,
    row.model_version && `model ${shortVersion(row.model_version)}`,
  ];
  return (
    <header class="review-head">
      <div class="review-title">
        <Link href={listAddress()} class="button quiet icon-only" aria-label="Back to the list">
          <Icon name="back" />
        </Link>
        <h1 class="cut">{row.first_text || "Transcript"}</h1>
      </div>
      <div class="review-facts">
        <span class="muted small" title={row.model_version ? `Model ${row.model_version}` : undefined}>{facts.filter(Boolean).join(" · ")}</span>
        <Marks row={row} />
      </div>
      <div class="review-acts">
        <button type="button" aria-pressed={row.flagged} onClick={onFlag}>
          <Icon name="flag" />
          Flag <kbd aria-hidden="true">f</kbd>
        </button>
        <button type="button" onClick={() => onAsk("tags")}>
          Tags <kbd aria-hidden="true">t</kbd>
        </button>
        <button type="button" onClick={() => onAsk("scenario")}>
          Scenario <kbd aria-hidden="true">s</kbd>
        </button>
        <button type="button" onClick={later}>
          Later <kbd aria-hidden="true">l</kbd>
        </button>
        <button type="button" onClick={next}>
          Next <kbd aria-hidden="true">n</kbd>
        </button>
        <button type="button" class="primary" onClick={done}>
          Reviewed <kbd aria-hidden="true">e</kbd>
        </button>
      </div>
    </header>
  );
}
