import { useState } from "preact/hooks";
import type { Role } from "../../api/account.ts";
import { sentence } from "../../api/errors.ts";
import { api, me } from "../../api/index.ts";
import { Dialog } from "../../parts/dialog.tsx";
import { copy } from "../../parts/download.ts";
import { Field } from "../../parts/field.tsx";
import { Icon } from "../../parts/icon.tsx";
import { useLoaded } from "../../parts/loaded.ts";
import { Failed } from "../../parts/state.tsx";
import { attempt } from "../../shell/attempt.ts";
import { type Listed, listed } from "../inbox/wire.ts";
import { minuteClock, momentOf } from "../inbox/words.ts";
import { type AdminAccount, ROLES, type Session } from "./wire.ts";

interface Props {
  onDone: () => void;
  onClose: () => void;
}
type Typed = { currentTarget: HTMLInputElement };

export function CreateAccount({ onDone, onClose }: Props) {
  const [email, setEmail] = useState("");
  const [name, setName] = useState("");
  const [roles, setRoles] = useState<readonly Role[]>(["agent"]);
  const [made, setMade] = useState<(AdminAccount & { password?: string | null }) | null>(null);
  const [error, setError] = useState("");
  const create = async (event: Event) => {
    event.preventDefault();
    setError("");
    try {
      setMade(await api.post("/accounts", { email: email.trim(), name: name.trim(), roles }));
      onDone();
    } catch (thrown) {
      setError(sentence(thrown));
    }
  };
  if (made) return <Created account={made} onClose={onClose} />;
  return (
    <Dialog title="New account" onClose={onClose}>
      <form class="form" onSubmit={create}>
        <Field label="Name" hint="Customers see it.">
          <input required maxLength={80} autocomplete="off" value={name} onInput={(event: Typed) => setName(event.currentTarget.value)} />
        </Field>
        <Field label="E-mail">
          <input type="email" required maxLength={254} autocomplete="off" value={email} onInput={(event: Typed) => setEmail(event.currentTarget.value)} />
        </Field>
        <Roles roles={roles} onChange={setRoles} />
        {error && (
          <p class="error" role="alert">
            {error}
          </p>
        )}
        <div class="form-end">
          <button type="submit" class="primary" disabled={!roles.length}>
            Create
          </button>
        </div>
      </form>
    </Dialog>
  );
}

interface CreatedProps {
  account: AdminAccount & { password?: string | null };
  title?: string;
  onClose: () => void;
}

/** A password that was made, shown this once. */
function Created({ account, title = "The account is there", onClose }: CreatedProps) {
  const { password } = account;
  return (
    <Dialog title={title} onClose={onClose}>
      {password ? (
        <>
          <p>Give {account.name} this password; it is shown only now and is to be changed at the first sign-in.</p>
          <p class="notice admin-secret">
            <code>{password}</code>
          </p>
        </>
      ) : (
        <p>{account.name} signs in with the company’s own sign-in.</p>
      )}
      <div class="form-end">
        {password && (
          <button type="button" onClick={() => void copy(password)}>
            <Icon name="copy" />
            Copy
          </button>
        )}
        <button type="button" class="primary" onClick={onClose} data-first-focus>
          Done
        </button>
      </div>
    </Dialog>
  );
}

interface Fields {
  name: string;
  roles: readonly Role[];
  capacity: string;
  skills: string;
  teams: string;
  languages: string;
}

const fieldsOf = (account: AdminAccount): Fields => ({
  name: account.name,
  roles: account.roles,
  capacity: String(account.capacity),
  skills: account.skills.join(", "),
  teams: (account.teams ?? []).join(", "),
  languages: account.languages.join(", "),
});

/** Keeps only what was typed: the list may come while it is open, and what nobody typed is then the newest. */
export function EditAccount({ account, onDone, onClose }: Props & { account: AdminAccount }) {
  const [typed, setTyped] = useState<Partial<Fields>>({});
  const { name, roles, capacity, skills, teams, languages } = { ...fieldsOf(account), ...typed };
  const type = (what: Partial<Fields>) => setTyped((before) => ({ ...before, ...what }));
  const [fresh, setFresh] = useState<string | null>(null);
  const own = account.id === me.value?.account.id;
  const reset = () =>
    void attempt(async () => setFresh((await api.post<{ password: string | null }>(`/accounts/${account.id}/password`)).password), "A new password was made; every session has ended.");
  const change = async (body: Record<string, unknown>, done: string) => {
    if (!(await attempt(() => api.patch(`/accounts/${account.id}`, body), done))) return;
    onDone();
    onClose();
  };
  /** For somebody who has lost phone and recovery codes. */
  const withoutFactor = async () => {
    if (!(await attempt(() => api.delete(`/accounts/${account.id}/totp`), "The password alone opens the account now."))) return;
    onDone();
    onClose();
  };
  const save = (event: Event) => {
    event.preventDefault();
    const listed = { skills: parts(skills), teams: parts(teams), languages: parts(languages.toLowerCase()) };
    void change({ name: name.trim(), roles, capacity: Number(capacity), ...listed }, "Saved.");
  };
  if (fresh) return <Created account={{ ...account, password: fresh }} title="A new password" onClose={onClose} />;
  return (
    <Dialog title={account.name} onClose={onClose} size="medium">
      <p class="muted">{account.email}</p>
      <form class="form" onSubmit={save}>
        <Field label="Name">
          <input required maxLength={80} value={name} onInput={(event: Typed) => type({ name: event.currentTarget.value })} />
        </Field>
        <Roles roles={roles} onChange={(roles) => type({ roles })} locked={own ? "admin" : null} />
        <div class="admin-pair">
          <Field label="Conversations at once">
            <input type="number" required min={0} max={50} value={capacity} onInput={(event: Typed) => type({ capacity: event.currentTarget.value })} />
          </Field>
          <Field label="Skills" hint="Names of intents or tags, with commas.">
            <input maxLength={200} value={skills} onInput={(event: Typed) => type({ skills: event.currentTarget.value })} />
          </Field>
          <Field label="Languages" hint="Codes: en, de.">
            <input maxLength={100} value={languages} onInput={(event: Typed) => type({ languages: event.currentTarget.value })} />
          </Field>
          <Field label="Teams" hint="With commas; none: serves all.">
            <input maxLength={200} value={teams} onInput={(event: Typed) => type({ teams: event.currentTarget.value })} />
          </Field>
        </div>
        <div class="form-end">
          {!own && (
            <button type="button" onClick={reset}>
              New password…
            </button>
          )}
          {!own && account.totp && (
            <button type="button" onClick={() => void withoutFactor()}>
              Take the second factor off
            </button>
          )}
          {!own && (
            <button type="button" class={account.disabled ? "" : "danger"} onClick={() => void change({ disabled: !account.disabled }, account.disabled ? "The account works again." : "Disabled; every session has ended.")}>
              {account.disabled ? "Enable" : "Disable"}
            </button>
          )}
          <button type="submit" class="primary" disabled={!roles.length}>
            Save
          </button>
        </div>
      </form>
      <Sessions account={account} />
    </Dialog>
  );
}

const parts = (words: string): string[] => words.split(",").map((one) => one.trim()).filter(Boolean);

/** `locked` cannot be given up: nobody shuts themselves out. */
function Roles({ roles, onChange, locked }: { roles: readonly Role[]; onChange: (roles: Role[]) => void; locked?: Role | null }) {
  const all = Object.keys(ROLES) as Role[];
  return (
    <fieldset class="admin-roles">
      <legend>Roles</legend>
      {all.map((role) => (
        <label class="choice" key={role}>
          <input
            type="checkbox"
            checked={roles.includes(role)}
            disabled={role === locked}
            onChange={(event) => onChange(all.filter((one) => (one === role ? event.currentTarget.checked : roles.includes(one))))}
          />
          <span>
            {ROLES[role].title} <span class="muted small">{ROLES[role].about}</span>
          </span>
        </label>
      ))}
    </fieldset>
  );
}

function Sessions({ account }: { account: AdminAccount }) {
  const [loaded, again] = useLoaded((signal) => api.get<Listed<Session>>(`/accounts/${account.id}/sessions`, {}, signal).then(listed), account.id);
  const sessions = loaded.value ?? [];
  const end = async (id: string | null) => {
    if (await attempt(() => api.delete(`/accounts/${account.id}/sessions${id ? `/${id}` : ""}`), id ? "That session has ended." : "All sessions have ended.")) again();
  };
  return (
    <section class="admin-sessions" aria-label="Sessions">
      <div class="row admin-sessions-head">
        <h3>Where they are signed in</h3>
        {sessions.length > 0 && (
          <button type="button" class="link" onClick={() => void end(null)}>
            End all
          </button>
        )}
      </div>
      {loaded.state === "failed" && <Failed error={loaded.error} again={again} />}
      {loaded.state === "ready" && sessions.length === 0 && <p class="muted">Nowhere.</p>}
      <ul class="account-list">
        {sessions.map((one) => (
          <li key={one.id}>
            <div>
              <strong>{one.browser ?? one.agent ?? "Unknown browser"}</strong> {one.current && <span class="badge good">This one</span>}
              <p class="muted small">
                {one.address ? `${one.address} · ` : ""}last used {momentOf(one.seen_at, minuteClock.value)}
              </p>
            </div>
            {!one.current && (
              <button type="button" onClick={() => void end(one.id)} aria-label={`End the session ${one.browser ?? one.agent ?? ""}`}>
                End
              </button>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
