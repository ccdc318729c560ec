/** Macros: read by everybody who answers, written by those who may assign. */

import { useState } from "preact/hooks";
import { api, may } from "../../api/index.ts";
import { macros, loadCanned } from "../inbox/canned.ts";
import type { Macro } from "../inbox/wire.ts";
import { attempt } from "../../shell/attempt.ts";
import { EditMacro } from "./macro_dialog.tsx";
import { stepWords } from "./steps.ts";

export function Macros() {
  const [editing, setEditing] = useState<Macro | "new" | null>(null);
  const writes = may("assign");
  const save = async (macro: Omit<Macro, "id">, id: string | null) => {
    const done = await attempt(() => (id ? api.patch(`/macros/${id}`, macro) : api.post("/macros", macro)), "Saved.");
    if (!done) return;
    await loadCanned();
    setEditing(null);
  };
  const remove = async (id: string) => {
    if (!(await attempt(() => api.delete(`/macros/${id}`), "Deleted."))) return;
    await loadCanned();
    setEditing(null);
  };
  return (
    <section class="card phrases" aria-labelledby="phrases-macros">
      <h2 id="phrases-macros">Macros</h2>
      <p class="muted">Several steps by one choice: type “/” in a reply.{writes ? "" : " Leads write them."}</p>
      {!macros.value.length && <p class="muted">There are none yet.</p>}
      <ul class="phrases-list">
        {macros.value.map((one) => (
          <li key={one.id}>
            <div>
              <strong>{one.title}</strong>
              <ol class="muted phrases-steps">
                {one.actions.map((step, place) => (
                  <li key={`${place} ${step.kind}`}>{stepWords(step)}</li>
                ))}
              </ol>
            </div>
            {writes && (
              <button type="button" onClick={() => setEditing(one)} aria-label={`Change ${one.title}`}>
                Change
              </button>
            )}
          </li>
        ))}
      </ul>
      {writes && (
        <div class="form-end">
          <button type="button" onClick={() => setEditing("new")}>
            New macro…
          </button>
        </div>
      )}
      {editing && <EditMacro macro={editing === "new" ? null : editing} onSave={save} onRemove={remove} onClose={() => setEditing(null)} />}
    </section>
  );
}
