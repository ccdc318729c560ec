/** The list: search, filters, rows with one stop for Tab, and the way to more. */

import { useEffect, useRef, useState } from "preact/hooks";
import { useLocation, useSearchParams } from "wouter-preact";
import { sentence } from "../../api/errors.ts";
import { Icon } from "../../parts/icon.tsx";
import { Empty, Failed, Loading } from "../../parts/state.tsx";
import { toast } from "../../shell/messages.ts";
import { useShortcuts } from "../../shell/shortcuts.ts";
import { takeNext } from "./acts.ts";
import { type Filters } from "./conversations.ts";
import { FilterRow } from "./filters.tsx";
import { list, listProblem, listState, loadList, loadMore, more, queue } from "./list.ts";
import { QUEUES } from "./queues.tsx";
import { Row } from "./row.tsx";
import { active } from "./tabs.ts";

export function ListPane({ filters }: { filters: Filters }) {
  const [, go] = useLocation();
  const [search] = useSearchParams();
  const pane = useRef<HTMLDivElement>(null);
  const [focused, setFocused] = useState<string | null>(null);
  const rows = list.value;
  const tail = search.toString() ? `?${search}` : "";
  const move = (by: number) => {
    const next = neighbour(rows.map((row) => row.id), focusedRow(pane.current) ?? focused ?? active.value, by);
    if (!next && by > 0 && more.value) void loadMore();
    focusRow(pane.current, next);
  };
  const next = async () => {
    const id = await takeNext();
    if (id) go(`/inbox/mine/${id}`);
  };
  useShortcuts("List", [
    { keys: "j", label: "Next conversation", run: () => move(1) },
    { keys: "k", label: "Previous conversation", run: () => move(-1) },
    { keys: "/", label: "Search", run: () => pane.current?.querySelector<HTMLInputElement>("input[type=search]")?.focus() },
    { keys: "x", label: "Take the next one that waits", run: () => void next() },
  ]);
  const reachable = rows.some((row) => row.id === focused) ? focused : rows.some((row) => row.id === active.value) ? active.value : rows[0]?.id;
  const title = QUEUES.find((one) => one.queue === queue.value)?.title ?? "Inbox";
  return (
    <section class="inbox-list" aria-label="Conversations" ref={pane}>
      <header class="inbox-list-head">
        {/* With a conversation open, its customer's name is the page's heading. */}
        {active.value ? <h2>{title}</h2> : <h1>{title}</h1>}
        <button type="button" onClick={() => void next()}>
          <Icon name="bolt" />
          Take next
        </button>
      </header>
      <FilterRow filters={filters} />
      <div
        class="inbox-rows"
        onKeyDown={(event) => {
          const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
          if (!by || !(event.target instanceof HTMLElement) || !event.target.dataset["conversation"]) return;
          event.preventDefault();
          move(by);
        }}
        onFocusIn={(event) => event.target instanceof HTMLElement && setFocused(event.target.dataset["conversation"] ?? null)}
      >
        {listState.value === "failed" ? (
          <Failed error={listProblem.value} again={() => void loadList()} />
        ) : listState.value === "loading" && !rows.length ? (
          <Loading what="Loading conversations" />
        ) : rows.length ? (
          <ul>
            {rows.map((row) => (
              <Row key={row.id} conversation={row} href={`/inbox/${queue.value}/${row.id}${tail}`} current={row.id === active.value} reachable={row.id === reachable} />
            ))}
          </ul>
        ) : (
          <NothingHere filters={filters} />
        )}
        {more.value && <More />}
      </div>
    </section>
  );
}

function More() {
  const [busy, setBusy] = useState(false);
  useEffect(() => setBusy(false), [more.value]);
  const load = () => {
    setBusy(true);
    loadMore().catch((error: unknown) => {
      setBusy(false);
      toast(sentence(error), "bad");
    });
  };
  return (
    <button type="button" class="inbox-more quiet" onClick={load} aria-disabled={busy}>
      {busy ? "Loading…" : "Show more"}
    </button>
  );
}

function NothingHere({ filters }: { filters: Filters }) {
  if (filters.q || filters.priority || filters.tag || filters.team) return <Empty icon="search" title="No conversation fits">Other words or fewer filters may find it.</Empty>;
  const words: Partial<Record<string, string>> = {
    mine: "You have no open conversations. Take the next one, or see who waits under “Unassigned”.",
    unassigned: "Nobody waits for a person.",
    missed: "Nobody was called in vain. Who asks for a person out of hours, or waits too long, stands here until somebody takes or resolves it.",
    bot: "The bot talks to nobody at the moment.",
    snoozed: "Nothing is snoozed.",
  };
  return <Empty icon="resolved" title="Nothing here">{words[queue.value]}</Empty>;
}

export function neighbour(ids: readonly string[], from: string | null | undefined, by: number): string | null {
  const at = from ? ids.indexOf(from) : -1;
  if (at < 0) return ids[0] ?? null;
  return ids[at + by] ?? null;
}

function focusedRow(pane: HTMLElement | null): string | null {
  const shown = document.activeElement;
  return shown instanceof HTMLElement && pane?.contains(shown) ? (shown.dataset["conversation"] ?? null) : null;
}

export function focusRow(pane: HTMLElement | null, id: string | null): void {
  if (id) pane?.querySelector<HTMLElement>(`[data-conversation="${CSS.escape(id)}"]`)?.focus();
}
