/** What customers asked in vain, what matters most first. */

import { useState } from "preact/hooks";
import { Link, useLocation } from "wouter-preact";
import { sentence } from "../../api/errors.ts";
import { api, may } from "../../api/index.ts";
import { useBusy } from "../../parts/busy.ts";
import { Icon } from "../../parts/icon.tsx";
import { useLoaded } from "../../parts/loaded.ts";
import { Empty, Failed, Loading } from "../../parts/state.tsx";
import { attempt } from "../../shell/attempt.ts";
import { toast } from "../../shell/messages.ts";
import { Page } from "../../shell/page.tsx";
import { type Listed, listed } from "../inbox/wire.ts";
import { percent } from "../inbox/words.ts";
import { DAYS, periodOf } from "../numbers/words.ts";
import { reviewAddress } from "../reviews/trail.ts";
import { KnowledgeViews } from "./page.tsx";
import { type Entry, entryAddress, type Gap } from "./wire.ts";

export function Gaps() {
  const [days, setDays] = useState("28");
  const period = periodOf(new URLSearchParams({ days }), new Date());
  const query = { from: period.from, to: period.to };
  const [loaded, again] = useLoaded((signal) => api.get<Listed<Gap>>("/knowledge/gaps", query, signal).then(listed), JSON.stringify(query));
  const gaps = loaded.value ?? [];
  return (
    <Page title="Knowledge" about="What customers asked in vain: often and unhappily asked first.">
      <KnowledgeViews />
      <div class="page-tools">
        <select aria-label="Period" value={days} onChange={(event) => setDays(event.currentTarget.value)}>
          {DAYS.map((one) => (
            <option key={one} value={one}>
              Last {one} days
            </option>
          ))}
        </select>
      </div>
      {loaded.state === "failed" && <Failed error={loaded.error} again={again} />}
      {loaded.state === "loading" && !loaded.value && <Loading what="Looking through the questions" />}
      {loaded.value && gaps.length === 0 && <Empty icon="check" title="Nothing was asked in vain" />}
      <ol class="knowledge-gaps" aria-label="Gaps">
        {gaps.map((gap) => (
          <GapItem key={gap.question} gap={gap} onDone={again} />
        ))}
      </ol>
    </Page>
  );
}

function GapItem({ gap, onDone }: { gap: Gap; onDone: () => void }) {
  const [, go] = useLocation();
  const [write, writing] = useBusy(async () => {
    try {
      const conversation = gap.examples[0]?.conversation_id;
      const draft = await api.post<Entry>("/knowledge/gaps/draft", { question: gap.question, ...(conversation ? { conversation_id: conversation } : {}) });
      go(entryAddress(draft.id));
    } catch (error) {
      toast(sentence(error), "bad");
    }
  });
  const callDone = async (done: boolean) => {
    const questions = [gap.question, ...gap.examples.map((one) => one.text)];
    await api.post("/knowledge/gaps/done", { questions, done });
    onDone();
  };
  const [close, closing] = useBusy(async () => {
    try {
      await callDone(true);
      toast("Done. It is listed again when somebody asks it again.", "good", { label: "Undo", run: () => void attempt(() => callDone(false), "Listed again.") });
    } catch (error) {
      toast(sentence(error), "bad");
    }
  });
  return (
    <li class="card knowledge-gap">
      <div class="knowledge-gap-head">
        <div>
          <h2>{gap.question}</h2>
          <p class="muted small">
            asked {gap.count === 1 ? "once" : `${gap.count} times`}
            {gap.unhappy > 0 && `, ${gap.unhappy} ${gap.unhappy === 1 ? "customer" : "customers"} unhappy`}
          </p>
        </div>
        <div class="knowledge-gap-acts">
          {gap.draft_id ? (
            <Link href={entryAddress(gap.draft_id)} class="button" aria-label={`Open the draft: ${gap.question}`}>
              Open the draft
            </Link>
          ) : (
            <button type="button" aria-disabled={writing} onClick={write} aria-label={`Write a draft: ${gap.question}`}>
              Write a draft
            </button>
          )}
          <button type="button" class="quiet" aria-disabled={closing} onClick={close} aria-label={`Done: ${gap.question}`} title="Needs no entry, or has one">
            Done
          </button>
        </div>
      </div>
      {gap.nearest && (
        <p class="small">
          <span class="muted">Nearest entry: </span>
          <Link href={entryAddress(gap.nearest.entry_id)}>{gap.nearest.title}</Link> <span class="muted figures">{percent(gap.nearest.relevance)}</span>
        </p>
      )}
      {gap.examples.length > 0 && (
        <details>
          <summary>
            <Icon name="right" class="small turn" />
            {gap.examples.length === 1 ? "1 example" : `${gap.examples.length} examples`}
            <span class="for-readers"> of {gap.question}</span>
          </summary>
          <ul class="knowledge-examples">
            {gap.examples.map((one, at) => (
              <li key={at}>{may("review") ? <Link href={reviewAddress(one.conversation_id)}>{one.text}</Link> : one.text}</li>
            ))}
          </ul>
        </details>
      )}
    </li>
  );
}
