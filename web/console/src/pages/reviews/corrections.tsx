/** What was corrected, and its way into the training data. */

import { useState } from "preact/hooks";
import { Link } from "wouter-preact";
import { sentence } from "../../api/errors.ts";
import { api, may } from "../../api/index.ts";
import { Dialog } from "../../parts/dialog.tsx";
import { copy, download } from "../../parts/download.ts";
import { Icon } from "../../parts/icon.tsx";
import { type PageAnswer, usePaged } from "../../parts/paged.ts";
import { PagedTable } from "../../parts/paged_table.tsx";
import { toast } from "../../shell/messages.ts";
import { Page } from "../../shell/page.tsx";
import { minuteClock, momentOf } from "../inbox/words.ts";
import { LearningSteps, NowHeard, useHeard } from "./learning.tsx";
import { ReviewViews } from "./page.tsx";
import { reviewAddress } from "./trail.ts";
import type { Correction, Exported, Heard } from "./wire.ts";

const NOTHING = "Open a transcript, choose a customer’s message and press c: what you correct is collected here.";
const EMPTY = {
  new: { title: "Nothing waits to be exported", children: NOTHING },
  exported: { title: "Nothing was exported yet", children: "Export adds corrections to the training data." },
  all: { title: "Nothing was corrected yet", children: NOTHING },
} as const;
const SHOWN = { new: "false", exported: "true", all: "" } as const;

export function Corrections() {
  const [shown, setShown] = useState<keyof typeof SHOWN>("new");
  const page = usePaged<Correction>((cursor, signal) => api.get<PageAnswer<Correction>>("/reviews/corrections", { exported: SHOWN[shown], cursor }, signal), shown);
  const heard = useHeard(page.items.map((one) => one.text));
  const [done, setDone] = useState<{ result: Exported; dry: boolean } | null>(null);
  const [exports, setExports] = useState(0);
  const run = async (dry: boolean) => {
    try {
      setDone({ result: await api.post<Exported>("/reviews/corrections/export", { dry_run: dry }), dry });
      if (dry) return;
      page.again();
      setExports((before) => before + 1);
    } catch (error) {
      toast(sentence(error), "bad");
    }
  };
  const actions = may("teach") && (
    <button type="button" class="primary" onClick={() => void run(true)}>
      Export…
    </button>
  );
  return (
    <Page title="Reviews" about="Corrected messages, on their way into the training data." actions={actions}>
      <ReviewViews />
      <LearningSteps round={`${shown} ${exports}`} />
      <div class="page-tools">
        <select aria-label="Which corrections" value={shown} onChange={(event) => setShown(event.currentTarget.value as keyof typeof SHOWN)}>
          <option value="new">Not exported yet</option>
          <option value="exported">Exported</option>
          <option value="all">All</option>
        </select>
      </div>
      <PagedTable
        label="Corrections"
        page={page}
        class="corrections-table"
        columns={["Message", "Taken for", "Meant", "Understood now", "By"]}
        empty={{ ...EMPTY[shown], icon: "check" }}
        row={(one, at) => <Row key={`${one.conversation_id} ${one.index}`} correction={one} heard={heard[at]} />}
      />
      {done && <ExportDialog {...done} onRun={() => void run(false)} onClose={() => setDone(null)} />}
    </Page>
  );
}

function Row({ correction: one, heard }: { correction: Correction; heard: Heard | undefined }) {
  return (
    <tr>
      <th scope="row">
        <Link href={reviewAddress(one.conversation_id)}>{one.text}</Link>
        {one.entities && one.entities.length > 0 && <p class="muted small">{one.entities.map((span) => `${span.entity}: ${span.value}`).join(", ")}</p>}
      </th>
      <td>{one.was ?? "nothing"}</td>
      <td>
        <strong>{one.intent}</strong>
      </td>
      <td>
        <NowHeard heard={heard} meant={one.intent} />
      </td>
      <td>
        {one.by}
        <p class="muted small">
          {momentOf(one.at, minuteClock.value)}
          {one.exported_at && ", exported"}
        </p>
      </td>
    </tr>
  );
}

interface DialogProps {
  result: Exported;
  /** Nothing has been written yet: it shows what would be. */
  dry: boolean;
  onRun: () => void;
  onClose: () => void;
}

function ExportDialog({ result, dry, onRun, onClose }: DialogProps) {
  const { added, refused, files, yaml } = result;
  const count = added.length === 1 ? "1 example" : `${added.length} examples`;
  return (
    <Dialog title={dry ? "Export the corrections" : "Exported"} onClose={onClose} size="wide">
      <p>{dry ? `${count} would be added to the training data.` : `${count} added${files.length ? ` to ${files.map((one) => one.path).join(", ")}` : ""}. They reach customers with the next training.`}</p>
      {!dry && (
        <p>
          Next, where Frontdesk runs: <code>make learn</code>
        </p>
      )}
      {refused.length > 0 && (
        <section>
          <h3>Left out</h3>
          <ul class="export-refused">
            {refused.map((one) => (
              <li key={one.text}>
                <q>{one.text}</q> <span class="muted">{one.why}</span>
              </li>
            ))}
          </ul>
        </section>
      )}
      {yaml && (
        <pre class="code-block" tabIndex={0} aria-label="Training examples">
          {yaml}
        </pre>
      )}
      <div class="form-end">
        {yaml && (
          <>
            <button type="button" onClick={() => void copy(yaml)}>
              <Icon name="copy" />
              Copy
            </button>
            <button type="button" onClick={() => download("corrections.yml", yaml, "application/yaml")}>
              <Icon name="download" />
              Download
            </button>
          </>
        )}
        {dry && (
          <button type="button" class="primary" disabled={!added.length} onClick={onRun} data-first-focus>
            Add to the training data
          </button>
        )}
      </div>
    </Dialog>
  );
}
