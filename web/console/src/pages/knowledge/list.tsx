import { Link, useLocation, useSearchParams } from "wouter-preact";
import { api } from "../../api/index.ts";
import { usePaged } from "../../parts/paged.ts";
import { PagedTable } from "../../parts/paged_table.tsx";
import { SearchWords } from "../../parts/search_words.tsx";
import { Page } from "../../shell/page.tsx";
import { useShortcuts } from "../../shell/shortcuts.ts";
import { dateOf, minuteClock, momentOf, spelled } from "../inbox/words.ts";
import { KnowledgeViews } from "./page.tsx";
import { type EntryList, type EntryRow, entryAddress } from "./wire.ts";
import { AUDIENCES, STATE_KINDS, STATES } from "./words.ts";

export function Entries() {
  const [search, setSearch] = useSearchParams();
  const [, go] = useLocation();
  const query = { q: search.get("q") ?? "", category: search.get("category") ?? "", state: search.get("state") ?? "" };
  const page = usePaged<EntryRow, EntryList>((cursor, signal) => api.get("/knowledge", { ...query, cursor }, signal), JSON.stringify(query));
  const change = (changed: Partial<typeof query>) => setSearch(Object.fromEntries(Object.entries({ ...query, ...changed }).filter(([, value]) => value)));
  useShortcuts("Knowledge", [
    { keys: "c", label: "Write a new entry", run: () => go("/knowledge/new") },
    { keys: "/", label: "Search", run: () => document.querySelector<HTMLElement>(".knowledge-search")?.focus() },
  ]);
  const actions = (
    <Link href="/knowledge/new" class="button primary">
      New entry
    </Link>
  );
  return (
    <Page title="Knowledge" about="What the bot tells customers, word for word or as the source of an answer." actions={actions}>
      <KnowledgeViews />
      <search class="page-tools">
        <SearchWords label="Search titles, questions and answers" class="knowledge-search" value={query.q} onChange={(q) => change({ q })} />
        <select aria-label="Category" value={query.category} onChange={(event) => change({ category: event.currentTarget.value })}>
          <option value="">All categories</option>
          {[...new Set([...(page.answer?.categories ?? []), query.category])].filter(Boolean).map((one) => (
            <option key={one} value={one}>
              {spelled(one)}
            </option>
          ))}
        </select>
        <select aria-label="State" value={query.state} onChange={(event) => change({ state: event.currentTarget.value })}>
          <option value="">All states</option>
          {Object.entries(STATES).map(([id, words]) => (
            <option key={id} value={id}>
              {words}
            </option>
          ))}
        </select>
      </search>
      <PagedTable
        label="Entries"
        page={page}
        class="knowledge-table"
        columns={["Title", "Category", "For", "Valid", "State", "Changed"]}
        empty={{ title: "No entry fits" }}
        above={<Total total={page.answer?.total} />}
        row={(one) => <Row key={one.id} entry={one} />}
      />
    </Page>
  );
}

function Total({ total }: { total: number | undefined }) {
  if (total === undefined) return null;
  return (
    <p class="muted small" role="status">
      {total === 1 ? "1 entry" : `${total} entries`}
    </p>
  );
}

function Row({ entry: one }: { entry: EntryRow }) {
  return (
    <tr>
      <th scope="row">
        <Link href={entryAddress(one.id)}>{one.title || "Without a title"}</Link>
      </th>
      <td>{spelled(one.category)}</td>
      <td>{AUDIENCES[one.audience] ?? one.audience}</td>
      <td class="muted">{validWords(one)}</td>
      <td>
        <span class={`badge ${STATE_KINDS[one.state] ?? ""}`}>{STATES[one.state] ?? one.state}</span>
      </td>
      <td class="muted">
        {one.updated_at && momentOf(one.updated_at, minuteClock.value)}
        {one.updated_by && `, ${one.updated_by}`}
      </td>
    </tr>
  );
}

function validWords({ valid_from: from, valid_until: until }: EntryRow): string {
  if (from && until) return `${dateOf(from)} to ${dateOf(until)}`;
  if (until) return `until ${dateOf(until)}`;
  return from ? `from ${dateOf(from)}` : "always";
}
