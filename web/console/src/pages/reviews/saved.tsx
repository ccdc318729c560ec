/** Filters with a name: one's own, and those that somebody gave to all. */

import { useState } from "preact/hooks";
import { api } from "../../api/index.ts";
import { Dialog } from "../../parts/dialog.tsx";
import { Field } from "../../parts/field.tsx";
import { useLoaded } from "../../parts/loaded.ts";
import { Menu, type MenuItem } from "../../parts/menu.tsx";
import { attempt } from "../../shell/attempt.ts";
import { type Listed, listed } from "../inbox/wire.ts";
import { type Filters, queryOf, savedFilters } from "./filters.ts";
import type { SavedFilter } from "./wire.ts";

export function Saved({ filters, onChange }: { filters: Filters; onChange: (filters: Filters) => void }) {
  const [loaded, again] = useLoaded((signal) => api.get<Listed<SavedFilter>>("/reviews/filters", {}, signal).then(listed), "filters");
  const [open, setOpen] = useState<"save" | "manage" | null>(null);
  const saved = loaded.value ?? [];
  const items: MenuItem[] = saved.map((one) => ({ label: one.shared && !one.mine ? `${one.name} (shared)` : one.name, icon: "filter", run: () => onChange(savedFilters(one)) }));
  if (Object.values(filters).some(Boolean)) items.push({ label: "Save these filters…", icon: "plus", run: () => setOpen("save") });
  if (saved.some((one) => one.mine !== false)) items.push({ label: "Delete saved filters…", icon: "trash", run: () => setOpen("manage") });
  if (!items.length) items.push({ label: "Set a filter first, then save it here", run: () => undefined });
  return (
    <>
      <Menu label="Saved filters" class="" items={items}>
        Saved
      </Menu>
      {open === "save" && <Save filters={filters} onDone={again} onClose={() => setOpen(null)} />}
      {open === "manage" && <Manage saved={saved} onDone={again} onClose={() => setOpen(null)} />}
    </>
  );
}

function Save({ filters, onDone, onClose }: { filters: Filters; onDone: () => void; onClose: () => void }) {
  const [name, setName] = useState("");
  const [shared, setShared] = useState(false);
  const save = async (event: Event) => {
    event.preventDefault();
    if (!(await attempt(() => api.post("/reviews/filters", { name: name.trim(), query: queryOf(filters), shared }), "Saved."))) return;
    onDone();
    onClose();
  };
  return (
    <Dialog title="Save these filters" onClose={onClose}>
      <form class="form" onSubmit={save}>
        <Field label="Name">
          <input required maxLength={100} value={name} onInput={(event) => setName(event.currentTarget.value)} />
        </Field>
        <label class="choice">
          <input type="checkbox" checked={shared} onChange={(event) => setShared(event.currentTarget.checked)} />
          For everybody
        </label>
        <div class="form-end">
          <button type="submit" class="primary">
            Save
          </button>
        </div>
      </form>
    </Dialog>
  );
}

function Manage({ saved, onDone, onClose }: { saved: readonly SavedFilter[]; onDone: () => void; onClose: () => void }) {
  const remove = async (one: SavedFilter) => {
    if (await attempt(() => api.delete(`/reviews/filters/${one.id}`), "Deleted.")) onDone();
  };
  return (
    <Dialog title="Saved filters" onClose={onClose}>
      <ul class="account-list">
        {saved
          .filter((one) => one.mine !== false)
          .map((one) => (
            <li key={one.id}>
              <span>{one.name}</span>
              <button type="button" class="danger" onClick={() => void remove(one)} aria-label={`Delete ${one.name}`}>
                Delete
              </button>
            </li>
          ))}
      </ul>
    </Dialog>
  );
}
