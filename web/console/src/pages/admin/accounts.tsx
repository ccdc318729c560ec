import { useState } from "preact/hooks";
import { api, me } from "../../api/index.ts";
import { Icon } from "../../parts/icon.tsx";
import { useLoaded } from "../../parts/loaded.ts";
import { Failed, Loading } from "../../parts/state.tsx";
import { Page } from "../../shell/page.tsx";
import { type Listed, listed } from "../inbox/wire.ts";
import { minuteClock, momentOf } from "../inbox/words.ts";
import { CreateAccount, EditAccount } from "./account_dialogs.tsx";
import { AdminViews } from "./page.tsx";
import { type AdminAccount, ROLES } from "./wire.ts";

const NEW = "new";

export function Accounts() {
  const [loaded, again] = useLoaded((signal) => api.get<Listed<AdminAccount>>("/accounts", { limit: 100 }, signal).then(listed), "accounts");
  const [words, setWords] = useState("");
  /** An account's id: what is shown of it is what the newest list says. */
  const [open, setOpen] = useState<string | null>(null);
  const opened = loaded.value?.find((one) => one.id === open);
  const wanted = words.trim().toLowerCase();
  const shown = (loaded.value ?? []).filter((one) => `${one.name} ${one.email} ${one.roles.join(" ")}`.toLowerCase().includes(wanted));
  const actions = (
    <button type="button" class="primary" onClick={() => setOpen(NEW)}>
      New account…
    </button>
  );
  return (
    <Page title="Admin" about="Who works here, and what they may do." actions={actions}>
      <AdminViews />
      <search class="page-tools">
        <input type="search" aria-label="Search accounts" placeholder="Search name, e-mail or role" value={words} onInput={(event) => setWords(event.currentTarget.value)} />
      </search>
      {loaded.state === "failed" && <Failed error={loaded.error} again={again} />}
      {loaded.state === "loading" && !loaded.value && <Loading />}
      {shown.length > 0 && (
        <div class="page-table">
          <table class="admin-table">
            <thead>
              <tr>
                <th scope="col">Name</th>
                <th scope="col">Roles</th>
                <th scope="col">Second factor</th>
                <th scope="col">State</th>
                <th scope="col">
                  <span class="for-readers">Change</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {shown.map((one) => (
                <tr key={one.id}>
                  <th scope="row">
                    {one.name} {one.id === me.value?.account.id && <span class="badge accent">You</span>}
                    <p class="muted small">{one.email}</p>
                  </th>
                  <td>{one.roles.map((role) => ROLES[role]?.title ?? role).join(", ") || "None"}</td>
                  <td>{one.totp ? "On" : <span class="muted">Off</span>}</td>
                  <td>
                    <StateBadge account={one} />
                    {one.last_seen_at && <p class="muted small">seen {momentOf(one.last_seen_at, minuteClock.value)}</p>}
                  </td>
                  <td class="admin-end">
                    <button type="button" onClick={() => setOpen(one.id)} aria-label={`Change ${one.name}`}>
                      <Icon name="edit" />
                      Change
                    </button>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {open === NEW && <CreateAccount onDone={again} onClose={() => setOpen(null)} />}
      {opened && <EditAccount key={opened.id} account={opened} onDone={again} onClose={() => setOpen(null)} />}
    </Page>
  );
}

function StateBadge({ account }: { account: AdminAccount }) {
  if (account.disabled) return <span class="badge bad">Disabled</span>;
  return account.away ? <span class="badge warn">Away</span> : <span class="badge good">Active</span>;
}
