/** How far corrections have come: collected, in the training data, in the model that customers meet; and what is next. */

import { api } from "../../api/index.ts";
import { copy } from "../../parts/download.ts";
import { Icon } from "../../parts/icon.tsx";
import { useLoaded } from "../../parts/loaded.ts";
import { minuteClock, momentOf } from "../inbox/words.ts";
import type { Heard, Learning } from "./wire.ts";

const TRAIN = "make learn";

export function LearningSteps({ round }: { round: string }) {
  const [loaded] = useLoaded((signal) => api.get<Learning>("/reviews/corrections/learning", {}, signal), round);
  const learning = loaded.value;
  if (!learning || learning.waiting + learning.exported === 0) return null;
  const { waiting, exported, learnt } = learning;
  return (
    <ol class="card learning" aria-label="From a correction to the customer">
      <Step done={waiting === 0} title={waiting ? `${counted(waiting)} to export` : "Everything is exported"}>
        {waiting > 0 && "Export checks them, masks personal data and adds them to the training data."}
      </Step>
      <Step done={exported > 0} title={`${counted(exported)} in the training data`} />
      <Step done={learnt === true} title={titleOf(learning)}>
        <Model learning={learning} />
        {learnt === false && (
          <p class="row">
            <span>Next, where Frontdesk runs:</span> <code>{TRAIN}</code>
            <button type="button" class="link" onClick={() => void copy(TRAIN)}>
              Copy
            </button>
            <span class="muted">It trains for some minutes and puts the new model into service; nobody is interrupted.</span>
          </p>
        )}
      </Step>
    </ol>
  );
}

function Step({ done, title, children }: { done: boolean; title: string; children?: preact.ComponentChildren }) {
  return (
    <li class={done ? "done" : ""}>
      <Icon name={done ? "check" : "clock"} />
      <div>
        <strong>{title}</strong>
        {children && <div class="small">{children}</div>}
      </div>
    </li>
  );
}

const counted = (count: number) => (count === 1 ? "1 correction" : `${count} corrections`);

function titleOf({ model, learnt, exported }: Learning): string {
  if (!model) return "The model in use cannot be asked";
  if (learnt === null) return "Whether the model in use has learnt them cannot be told here";
  if (!learnt) return "The model in use has not learnt the training data as it is now";
  return exported ? "The model in use has learnt them" : "The model in use has learnt all training data";
}

function Model({ learning: { model, learnt } }: { learning: Learning }) {
  if (!model) return <p class="muted">The intent service does not answer. Customers’ messages are treated as questions meanwhile.</p>;
  return (
    <p class="muted">
      {model.created ? `Trained ${momentOf(model.created, minuteClock.value)} on ${model.examples} sentences` : "Not trained"}, version <code>{model.version}</code>
      {learnt === null && ". The training data is not on the gateway’s machine; ask whoever trains"}.
    </p>
  );
}

/** What the model in use takes these sentences for, by their places; empty while it is asked, or when it does not answer. */
export function useHeard(texts: readonly string[]): readonly Heard[] {
  const asked = texts.slice(0, 64);
  const [loaded] = useLoaded(
    (signal) => (asked.length ? api.post<Heard[]>("/reviews/corrections/heard", { texts: asked }, { signal }).catch(() => []) : Promise.resolve([])),
    asked.join("\n"),
  );
  return loaded.state === "ready" ? loaded.value : [];
}

export function NowHeard({ heard, meant }: { heard: Heard | undefined; meant: string | null }) {
  if (!heard) return <span class="muted">–</span>;
  const right = heard.intent === meant;
  return (
    <>
      <span class={`badge ${right ? "good" : "warn"}`}>{right ? "understood" : heard.intent}</span> <span class="figures muted small">{Math.round(heard.confidence * 100)} %</span>
    </>
  );
}
