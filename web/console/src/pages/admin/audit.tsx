import { useEffect, useState } from "preact/hooks";
import { Link, useSearchParams } from "wouter-preact";
import type { Colleague } from "../../api/account.ts";
import { api } from "../../api/index.ts";
import { useLoaded } from "../../parts/loaded.ts";
import { type PageAnswer, usePaged } from "../../parts/paged.ts";
import { PagedTable } from "../../parts/paged_table.tsx";
import { Page } from "../../shell/page.tsx";
import { type Listed, listed } from "../inbox/wire.ts";
import { minuteClock, momentOf } from "../inbox/words.ts";
import { ACTIONS, actionWords, isConversation, subjectName } from "./audit_words.ts";
import { reviewAddress } from "../reviews/trail.ts";
import { AdminViews } from "./page.tsx";
import type { AuditEvent } from "./wire.ts";

const NAMES = ["actor", "action", "subject", "from", "to"] as const;

export function AuditLog() {
  const [search, setSearch] = useSearchParams();
  const query = Object.fromEntries(NAMES.map((name) => [name, search.get(name) ?? ""])) as Record<(typeof NAMES)[number], string>;
  const page = usePaged<AuditEvent>((cursor, signal) => api.get<PageAnswer<AuditEvent>>("/audit", { ...query, from: beginning(query.from), to: end(query.to), cursor }, signal), JSON.stringify(query));
  const [people] = useLoaded((signal) => api.get<Listed<Colleague>>("/accounts", { limit: 100 }, signal).then(listed), "accounts");
  const change = (changed: Partial<typeof query>) => setSearch(Object.fromEntries(Object.entries({ ...query, ...changed }).filter(([, value]) => value)));
  return (
    <Page title="Admin" about="What staff saw and did. Nobody can change it.">
      <AdminViews />
      <div class="page-tools" role="search" aria-label="Audit log">
        <select aria-label="Who" value={query.actor} onChange={(event) => change({ actor: event.currentTarget.value })}>
          <option value="">Everybody</option>
          {(people.value ?? []).map((one) => (
            <option key={one.id} value={one.id}>
              {one.name}
            </option>
          ))}
        </select>
        <select aria-label="Did" value={query.action} onChange={(event) => change({ action: event.currentTarget.value })}>
          <option value="">Did anything</option>
          {query.action && !ACTIONS.some(([action]) => action === query.action) && <option value={query.action}>{actionWords(query.action)}</option>}
          {ACTIONS.map(([action, words]) => (
            <option key={action} value={action}>
              {words}
            </option>
          ))}
        </select>
        <Text label="About (an id)" value={query.subject} onChange={(subject) => change({ subject })} />
        <label class="row">
          From <input type="date" value={query.from} onChange={(event) => change({ from: event.currentTarget.value })} />
        </label>
        <label class="row">
          until <input type="date" value={query.to} onChange={(event) => change({ to: event.currentTarget.value })} />
        </label>
      </div>
      <PagedTable
        label="Entries"
        page={page}
        class="admin-audit"
        columns={["When", "Who", "Did", "About", "Details"]}
        empty={{ title: "Nothing fits" }}
        row={(one, at) => (
          <tr key={at}>
            <td class="muted">{momentOf(one.at, minuteClock.value)}</td>
            <td>{one.actor?.name ?? "The system"}</td>
            <td title={one.action}>{actionWords(one.action)}</td>
            <td title={one.subject ?? undefined}>
              <Subject event={one} people={people.value ?? []} />
            </td>
            <td class="muted">{detailWords(one.details)}</td>
          </tr>
        )}
      />
    </Page>
  );
}

function Subject({ event: { action, subject }, people }: { event: AuditEvent; people: readonly Colleague[] }) {
  if (!subject) return null;
  const words = subjectName(action, subject, people);
  return isConversation(action) ? <Link href={reviewAddress(subject)}>{words}</Link> : <>{words}</>;
}

/** Asks when the field is left or Enter is pressed. */
function Text({ label, value, onChange }: { label: string; value: string; onChange: (value: string) => void }) {
  const [typed, setTyped] = useState(value);
  useEffect(() => setTyped(value), [value]);
  return (
    <input
      type="search"
      aria-label={label}
      placeholder={label}
      maxLength={200}
      value={typed}
      onInput={(event) => setTyped(event.currentTarget.value)}
      onChange={(event) => onChange(event.currentTarget.value.trim())}
    />
  );
}

/** The server takes moments; a day is one of the reader's own clock. */
const beginning = (day: string): string => (day ? new Date(`${day}T00:00:00`).toISOString() : "");
const end = (day: string): string => (day ? new Date(`${day}T23:59:59.999`).toISOString() : "");

function detailWords(details: AuditEvent["details"]): string {
  return Object.entries(details ?? {})
    .filter(([, value]) => value !== null)
    .map(([name, value]) => `${name}: ${typeof value === "object" ? JSON.stringify(value) : String(value)}`)
    .join(", ");
}
