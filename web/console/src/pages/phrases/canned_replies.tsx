/** Canned replies: one's own, and for those who may, everybody's. */

import { useState } from "preact/hooks";
import { api, may } from "../../api/index.ts";
import { Dialog } from "../../parts/dialog.tsx";
import { Field } from "../../parts/field.tsx";
import { canned, loadCanned } from "../inbox/canned.ts";
import type { Canned } from "../inbox/wire.ts";
import { attempt } from "../../shell/attempt.ts";

const NEW: Omit<Canned, "id"> = { shortcut: "", title: "", text: "", team: null, mine: true };

export function CannedReplies() {
  const [editing, setEditing] = useState<Partial<Canned> | null>(null);
  return (
    <section class="card phrases" aria-labelledby="phrases-canned">
      <h2 id="phrases-canned">Canned replies</h2>
      <p class="muted">Type “/” and the shortcut in a reply. Those without a mark are yours alone.</p>
      {!canned.value.length && <p class="muted">There are none yet.</p>}
      <ul class="phrases-list">
        {canned.value.map((one) => (
          <li key={one.id}>
            <div>
              <span class="canned-shortcut">/{one.shortcut}</span> <strong>{one.title}</strong> {!one.mine && <span class="badge">For everybody</span>}
              <p class="muted">{one.text}</p>
            </div>
            {(one.mine || may("assign")) && (
              <button type="button" onClick={() => setEditing(one)} aria-label={`Change /${one.shortcut}`}>
                Change
              </button>
            )}
          </li>
        ))}
      </ul>
      <div class="form-end">
        <button type="button" onClick={() => setEditing(NEW)}>
          New canned reply…
        </button>
      </div>
      {editing && <Edit start={editing} onClose={() => setEditing(null)} />}
    </section>
  );
}

function Edit({ start, onClose }: { start: Partial<Canned>; onClose: () => void }) {
  const [made, setMade] = useState({ ...NEW, ...start });
  const change = (part: Partial<Canned>) => setMade({ ...made, ...part });
  const finish = async (run: () => Promise<unknown>, done: string) => {
    if (!(await attempt(run, done))) return;
    await loadCanned();
    onClose();
  };
  const save = (event: Event) => {
    event.preventDefault();
    const { shortcut, title, text, mine } = made;
    const body = { shortcut: shortcut.trim().replace(/^\//, ""), title: title.trim(), text, mine };
    void finish(() => (start.id ? api.patch(`/canned/${start.id}`, body) : api.post("/canned", body)), "Saved.");
  };
  return (
    <Dialog title={start.id ? "Change the canned reply" : "New canned reply"} onClose={onClose} size="medium">
      <form class="form" onSubmit={save}>
        <Field label="Shortcut" hint="Letters, digits, - and _.">
          <input required maxLength={32} pattern="\/?[\p{L}\p{N}_\-]+" value={made.shortcut} onInput={(event) => change({ shortcut: event.currentTarget.value })} />
        </Field>
        <Field label="Title">
          <input required maxLength={80} value={made.title} onInput={(event) => change({ title: event.currentTarget.value })} />
        </Field>
        <Field label="Text" hint="Filled in: {{customer.name}}, {{agent.name}}, {{order.number}}. Markdown may be used.">
          <textarea required rows={5} maxLength={4000} value={made.text} onInput={(event) => change({ text: event.currentTarget.value })} />
        </Field>
        {may("assign") && !start.id && (
          <label class="choice">
            <input type="checkbox" checked={!made.mine} onChange={(event) => change({ mine: !event.currentTarget.checked })} />
            For everybody
          </label>
        )}
        <div class="form-end">
          {start.id && (
            <button type="button" class="danger" onClick={() => void finish(() => api.delete(`/canned/${start.id}`), "Deleted.")}>
              Delete
            </button>
          )}
          <button type="submit" class="primary">
            Save
          </button>
        </div>
      </form>
    </Dialog>
  );
}
