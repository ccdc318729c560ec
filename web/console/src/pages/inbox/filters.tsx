/** Search and filters of the list. They stand in the address, so that a list can be kept as a bookmark. */

import { useEffect, useRef, useState } from "preact/hooks";
import { useSearchParams } from "wouter-preact";
import { Icon } from "../../parts/icon.tsx";
import { conversations, type Filters } from "./conversations.ts";
import { teams } from "./queues.tsx";
import { PRIORITIES, PRIORITY_WORDS } from "./words.ts";

const PAUSE = 250;
const NAMES = ["q", "team", "priority", "tag"] as const;

export function filtersOf(search: URLSearchParams): Filters {
  const read = (name: string) => search.get(name) ?? "";
  return { q: read("q"), team: read("team"), priority: read("priority"), tag: read("tag") };
}

export function FilterRow({ filters }: { filters: Filters }) {
  const [, setSearch] = useSearchParams();
  const [words, setWords] = useState(filters.q);
  const [open, setOpen] = useState(Boolean(filters.priority || filters.tag));
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useEffect(() => setWords(filters.q), [filters.q]);
  const change = (changed: Partial<Filters>) => {
    const next = { ...filters, q: words, ...changed };
    setSearch(Object.fromEntries(NAMES.filter((name) => next[name]).map((name) => [name, next[name]])), { replace: true });
  };
  const active = [filters.priority, filters.tag, filters.team].filter(Boolean).length;
  const tags = [...new Set([...conversations.value.values()].flatMap((one) => one.tags))].sort();
  return (
    <search class="inbox-search">
      <div class="inbox-search-line">
        <Icon name="search" class="small" />
        <input
          type="search"
          aria-label="Search conversations"
          placeholder="Search"
          value={words}
          onInput={(event) => {
            const q = event.currentTarget.value;
            setWords(q);
            clearTimeout(timer.current);
            timer.current = setTimeout(() => change({ q }), PAUSE);
          }}
          onKeyDown={(event) => {
            if (event.key !== "Escape") return;
            event.preventDefault();
            event.currentTarget.blur();
          }}
        />
        <button type="button" class="quiet" aria-expanded={open} aria-controls="inbox-filters" onClick={() => setOpen(!open)}>
          <Icon name="filter" />
          Filter
          {active > 0 && <span class="count">{active}</span>}
        </button>
      </div>
      <div id="inbox-filters" class="inbox-filters" hidden={!open}>
        <Choice label="Priority" value={filters.priority} options={PRIORITIES.map((one) => [one, PRIORITY_WORDS[one]])} onChange={(priority) => change({ priority })} />
        <Choice label="Team" value={filters.team} options={teams.value.map((one) => [one.id, one.name])} onChange={(team) => change({ team })} />
        <Choice label="Tag" value={filters.tag} options={(filters.tag && !tags.includes(filters.tag) ? [filters.tag, ...tags] : tags).map((one) => [one, one])} onChange={(tag) => change({ tag })} />
        {active > 0 && (
          <button type="button" class="quiet" onClick={() => change({ priority: "", team: "", tag: "" })}>
            Clear
          </button>
        )}
      </div>
    </search>
  );
}

interface ChoiceProps {
  label: string;
  value: string;
  options: readonly (readonly [string, string])[];
  onChange: (value: string) => void;
}

function Choice({ label, value, options, onChange }: ChoiceProps) {
  return (
    <select aria-label={label} value={value} onChange={(event) => onChange(event.currentTarget.value)}>
      <option value="">{label}: any</option>
      {options.map(([id, name]) => (
        <option value={id} key={id}>
          {name}
        </option>
      ))}
    </select>
  );
}
