/** Files into the knowledge: first what would happen, then it happens. */

import { useState } from "preact/hooks";
import { sentence } from "../../api/errors.ts";
import { api } from "../../api/index.ts";
import { Field } from "../../parts/field.tsx";
import { Icon } from "../../parts/icon.tsx";
import { announce, toast } from "../../shell/messages.ts";
import { Page } from "../../shell/page.tsx";
import { KnowledgeViews } from "./page.tsx";
import type { Report } from "./wire.ts";

export function Import() {
  const [files, setFiles] = useState<readonly File[]>([]);
  const [done, setDone] = useState<{ report: Report; dry: boolean } | null>(null);
  const [waiting, setWaiting] = useState(false);
  const run = async (dry: boolean) => {
    if (!files.length || waiting) return;
    setWaiting(true);
    const form = new FormData();
    for (const file of files) form.append("files", file);
    try {
      const report = await api.post<Report>("/knowledge/import", form, { query: { dry_run: dry } });
      setDone({ report, dry });
      if (dry) announce(`${report.added.length} new, ${report.changed.length} changed, ${report.refused.length} refused.`);
      else toast("Imported.", "good");
    } catch (error) {
      toast(sentence(error), "bad");
    }
    setWaiting(false);
  };
  return (
    <Page title="Knowledge" about="Bring in entries from files. You see what would change before anything does.">
      <KnowledgeViews />
      <section class="card form" aria-label="Files">
        <Field label="Files" hint="Markdown, HTML, CSV or PDF, as docs/knowledge.md describes them.">
          <input
            type="file"
            multiple
            onChange={(event: { currentTarget: HTMLInputElement }) => {
              setFiles([...(event.currentTarget.files ?? [])]);
              setDone(null);
            }}
          />
        </Field>
        <div class="form-end">
          <button type="button" class={done?.dry ? "" : "primary"} disabled={!files.length} aria-disabled={waiting} onClick={() => void run(true)}>
            {waiting ? "Reading…" : "See what would change"}
          </button>
          {done?.dry && (
            <button type="button" class="primary" aria-disabled={waiting} onClick={() => void run(false)}>
              Import
            </button>
          )}
        </div>
      </section>
      {done && <Told report={done.report} dry={done.dry} />}
    </Page>
  );
}

function Told({ report, dry }: { report: Report; dry: boolean }) {
  const parts = [
    [dry ? "Would be new" : "New", report.added],
    [dry ? "Would change" : "Changed", report.changed],
    [dry ? "Would be removed" : "Removed", report.removed],
    ["Stay as they are", report.unchanged],
  ] as const;
  return (
    <section class="card knowledge-report" aria-label="Report">
      <h2>{dry ? "What would happen" : "What happened"}</h2>
      {report.refused.length > 0 && (
        <div class="notice warn">
          <h3>Refused</h3>
          <ul>
            {report.refused.map((one) => (
              <li key={`${one.file} ${one.reason}`}>
                <strong>{one.file}</strong>: {one.reason}
              </li>
            ))}
          </ul>
        </div>
      )}
      {report.notes?.map((note) => (
        <p key={note} class="muted">
          {note}
        </p>
      ))}
      {parts.map(([title, ids]) => (
        <details key={title} open={ids.length > 0 && ids.length <= 12 && ids !== report.unchanged}>
          <summary>
            <Icon name="right" class="small turn" />
            {title}: <strong class="figures">{ids.length}</strong>
          </summary>
          <ul class="knowledge-examples">
            {ids.map((id) => (
              <li key={id}>
                <code>{id}</code>
              </li>
            ))}
          </ul>
        </details>
      ))}
    </section>
  );
}
