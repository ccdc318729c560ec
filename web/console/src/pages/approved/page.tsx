/** What the bot says because a colleague said so: looked up, given a last day, withdrawn. */

import { useState } from "preact/hooks";
import { useSearchParams } from "wouter-preact";
import { api } from "../../api/index.ts";
import { usePaged } from "../../parts/paged.ts";
import { PagedTable } from "../../parts/paged_table.tsx";
import { SearchWords } from "../../parts/search_words.tsx";
import { attempt } from "../../shell/attempt.ts";
import { Page } from "../../shell/page.tsx";
import { useShortcuts } from "../../shell/shortcuts.ts";
import { dateOf, endOfDay, minuteClock, momentOf } from "../inbox/words.ts";
import { AUDIENCES } from "../knowledge/words.ts";
import { Until, Withdraw } from "./dialogs.tsx";
import type { Approval, ApprovalList } from "./wire.ts";
import "./approved.css";

const COLUMNS = ["Question", "Answer", "Approved by"];

type Opened = { what: "until" | "withdraw"; approval: Approval };

const toSearch = () => document.querySelector<HTMLElement>(".approved-search")?.focus();

export function ApprovedPage() {
  const [search, setSearch] = useSearchParams();
  const [opened, setOpened] = useState<Opened | null>(null);
  const query = { q: search.get("q") ?? "", withdrawn: search.get("withdrawn") === "true" ? "true" : "" };
  const page = usePaged<Approval, ApprovalList>((cursor, signal) => api.get("/approvals", { ...query, cursor }, signal), JSON.stringify(query));
  const change = (changed: Partial<typeof query>) => setSearch(Object.fromEntries(Object.entries({ ...query, ...changed }).filter(([, value]) => value)));
  const finish = async (run: () => Promise<unknown>, said: string) => {
    const done = await attempt(run, said);
    page.again(); // also when a colleague was first
    if (done) setOpened(null);
    return done;
  };
  const withdraw = async ({ number }: Approval) => {
    // What the focus would go back to leaves the list.
    if (await finish(() => api.post(`/approvals/${number}/withdraw`), "Withdrawn. The bot does not say it any more.")) requestAnimationFrame(toSearch);
  };
  const keep = ({ number }: Approval, day: string) => finish(() => api.patch(`/approvals/${number}`, { valid_until: day ? endOfDay(day) : null }), "Saved.");
  useShortcuts("Approved answers", [{ keys: "/", label: "Search", run: toSearch }]);
  return (
    <Page title="Approved answers" about="What colleagues answered and the bot says from then on, before anything from the knowledge.">
      <search class="page-tools">
        <SearchWords label="Search questions, answers and names" class="approved-search" value={query.q} onChange={(q) => change({ q })} />
        <select aria-label="Which answers" value={query.withdrawn} onChange={(event) => change({ withdrawn: event.currentTarget.value })}>
          <option value="">In use</option>
          <option value="true">Withdrawn</option>
        </select>
      </search>
      <PagedTable
        label="Approved answers"
        page={page}
        class="approved-table"
        columns={[...COLUMNS, ...(query.withdrawn ? ["Withdrawn by"] : ["Told until", "Change"])]}
        empty={query.q ? { title: "No answer fits" } : query.withdrawn ? { title: "Nothing was withdrawn", icon: "check" } : { title: "No answer was approved yet", icon: "check", children: "Answer a question of the bot’s and choose “Answer this question so from now on”." }}
        above={
          <p class="muted small" role="status">
            {page.answer?.total === 1 ? "1 answer" : `${page.answer?.total} answers`}
          </p>
        }
        row={(one) => <Row key={one.number} approval={one} onOpen={(what) => setOpened({ what, approval: one })} />}
      />
      {opened?.what === "until" && <Until approval={opened.approval} onSave={(day) => keep(opened.approval, day)} onClose={() => setOpened(null)} />}
      {opened?.what === "withdraw" && <Withdraw approval={opened.approval} onWithdraw={() => withdraw(opened.approval)} onClose={() => setOpened(null)} />}
    </Page>
  );
}

function Row({ approval: one, onOpen }: { approval: Approval; onOpen: (what: Opened["what"]) => void }) {
  return (
    <tr>
      <th scope="row">
        {one.question}
        {one.audience !== "public" && <p class="muted small">For {AUDIENCES[one.audience].toLowerCase()}</p>}
      </th>
      <td class="approved-words">{one.answer}</td>
      <td>
        {one.by}
        <p class="muted small">{one.at && momentOf(one.at, minuteClock.value)}</p>
      </td>
      {one.withdrawn_at ? (
        <td class="approved-gone">
          {one.withdrawn_by}
          <p class="muted small">{momentOf(one.withdrawn_at, minuteClock.value)}</p>
        </td>
      ) : (
        <>
          <td class="approved-until">
            <Validity approval={one} />
          </td>
          <td>
            <div class="approved-acts">
              <button type="button" aria-label={`Until… ${one.question}`} onClick={() => onOpen("until")}>
                Until…
              </button>
              <button type="button" class="danger" aria-label={`Withdraw… ${one.question}`} onClick={() => onOpen("withdraw")}>
                Withdraw…
              </button>
            </div>
          </td>
        </>
      )}
    </tr>
  );
}

function Validity({ approval: { valid_from: from, valid_until: until } }: { approval: Approval }) {
  const now = minuteClock.value;
  return (
    <>
      {until ? dateOf(lastMoment(until)) : "Without end"}
      {until && Date.parse(until) <= now && <span class="badge warn">Over</span>}
      {from && Date.parse(from) > now && <span class="badge">From {dateOf(from)}</span>}
    </>
  );
}

/** An answer that ends at midnight is told on the day before. */
const lastMoment = (until: string): string => new Date(Date.parse(until) - 1).toISOString();
