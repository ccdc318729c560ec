import { useEffect, useRef, useState } from "preact/hooks";
import { useLocation, useSearchParams } from "wouter-preact";
import { sentence } from "../../api/errors.ts";
import { api } from "../../api/index.ts";
import { usePaged } from "../../parts/paged.ts";
import { Empty, Failed, Loading } from "../../parts/state.tsx";
import { useLoaded } from "../../parts/loaded.ts";
import { toast } from "../../shell/messages.ts";
import { Page } from "../../shell/page.tsx";
import { useShortcuts } from "../../shell/shortcuts.ts";
import { Chips, FilterPanel, SearchLine } from "./filter_panel.tsx";
import { type Filters, filtersOf, NO_FACETS, type Sort, searchOf, sortOf } from "./filters.ts";
import { ReviewViews } from "./page.tsx";
import { Rows } from "./rows.tsx";
import { nextAfter, reviewAddress, trail } from "./trail.ts";
import type { Facets, ListAnswer, Row } from "./wire.ts";

export function List() {
  const [search, setSearch] = useSearchParams();
  const [, go] = useLocation();
  const [open, setOpen] = useState(false);
  const filters = filtersOf(search);
  const sort = sortOf(search);
  const query = searchOf(filters, sort);
  const key = new URLSearchParams(query).toString();
  const page = usePaged<Row, ListAnswer>((cursor, signal) => api.get("/reviews", { ...query, cursor }, signal), key);
  const [facets] = useLoaded((signal) => api.get<Facets>("/reviews/facets", {}, signal), "facets");
  const known = facets.value ?? NO_FACETS;
  const change = (changed: Filters, order: Sort = sort) => setSearch(searchOf(changed, order));
  const rows = useRef<HTMLDivElement>(null);
  useEffect(() => {
    Object.assign(trail, { search: key, ids: page.items.map((row) => row.id), filtered: Object.keys(filters).length > 0 });
  }, [key, page.items]);
  useGivenBack(rows, page.items);
  const next = async () => {
    try {
      const found = await nextAfter(null);
      if (found) go(reviewAddress(found));
      else toast("Everything has been reviewed.", "good");
    } catch (error) {
      toast(sentence(error), "bad");
    }
  };
  useShortcuts("Transcripts", [
    { keys: "j", label: "Next in the list", run: () => step(rows.current, 1) },
    { keys: "k", label: "Previous in the list", run: () => step(rows.current, -1) },
    { keys: "n", label: "Open the one that is most worth reading", run: () => void next() },
    { keys: "/", label: "Search", run: () => document.querySelector<HTMLElement>(".reviews-search input")?.focus() },
    { keys: "f", label: "Filters", run: () => setOpen(!open) },
  ]);
  const actions = (
    <button type="button" class="primary" onClick={() => void next()}>
      Review the next
    </button>
  );
  return (
    <Page title="Reviews" about="Read what was said, say what was meant; the bot learns from it." actions={actions}>
      <ReviewViews />
      <div class="reviews-find">
        <SearchLine filters={filters} sort={sort} open={open} onOpen={() => setOpen(!open)} onChange={change} />
        {open && <FilterPanel filters={filters} facets={known} onChange={change} />}
        <Chips filters={filters} facets={known} onChange={change} />
      </div>
      {page.error !== null && <Failed error={page.error} again={page.again} />}
      {page.loading && !page.answer && <Loading />}
      {page.answer && page.items.length === 0 && <Empty icon="search" title="No conversation fits">{Object.keys(filters).length > 0 && "Take a filter away."}</Empty>}
      {page.items.length > 0 && (
        <div ref={rows} class={page.loading ? "reviews-rows waiting" : "reviews-rows"}>
          <p class="muted small" role="status">{`${page.answer?.total ?? ""} ${page.answer?.total === 1 ? "conversation" : "conversations"}`}</p>
          <Rows rows={page.items} worth={sort === "worth"} />
          {page.more && (
            <div class="page-more">
              <button type="button" onClick={page.more}>
                Show more
              </button>
            </div>
          )}
        </div>
      )}
    </Page>
  );
}

const links = (rows: HTMLElement | null) => [...(rows?.querySelectorAll<HTMLElement>("a[data-review]") ?? [])];

function step(rows: HTMLElement | null, by: number): void {
  const all = links(rows);
  const at = all.indexOf(document.activeElement as HTMLElement);
  all[at < 0 ? (by > 0 ? 0 : all.length - 1) : Math.max(0, Math.min(all.length - 1, at + by))]?.focus();
}

/** Who comes back from a conversation finds themselves at its line. */
function useGivenBack(rows: { current: HTMLElement | null }, items: readonly Row[]): void {
  useEffect(() => {
    if (!trail.last || !items.length) return;
    links(rows.current).find((one) => one.dataset["review"] === trail.last)?.focus();
    trail.last = null;
  }, [items]);
}
