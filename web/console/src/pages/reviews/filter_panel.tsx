import { Icon } from "../../parts/icon.tsx";
import { SearchWords } from "../../parts/search_words.tsx";
import { useUniqueId } from "../../parts/unique_id.ts";
import { chipWords, FILTERS, type FilterName, type Filters, NAMES, type Sort } from "./filters.ts";
import { Saved } from "./saved.tsx";
import type { Facets } from "./wire.ts";

type Change = (filters: Filters, sort?: Sort) => void;

interface LineProps {
  filters: Filters;
  sort: Sort;
  open: boolean;
  onOpen: () => void;
  onChange: Change;
}

export function SearchLine({ filters, sort, open, onOpen, onChange }: LineProps) {
  return (
    <search class="page-tools reviews-search">
      <SearchWords label="Search the words that were said" value={filters.q ?? ""} onChange={(q) => onChange({ ...filters, q })} />
      <button type="button" aria-expanded={open} aria-controls="reviews-filters" onClick={onOpen}>
        <Icon name="filter" />
        Filters
      </button>
      <Saved filters={filters} onChange={onChange} />
      <select aria-label="Order" value={sort} onChange={(event) => onChange(filters, event.currentTarget.value as Sort)}>
        <option value="newest">Newest first</option>
        <option value="worth">Most worth reading first</option>
      </select>
    </search>
  );
}

export function FilterPanel({ filters, facets, onChange }: { filters: Filters; facets: Facets; onChange: Change }) {
  return (
    <div id="reviews-filters" class="card reviews-filters" role="group" aria-label="Filters">
      {NAMES.filter((name) => name !== "q").map((name) => (
        <Control key={name} name={name} value={filters[name] ?? ""} facets={facets} onChange={(value) => onChange({ ...filters, [name]: value })} />
      ))}
    </div>
  );
}

interface ControlProps {
  name: FilterName;
  value: string;
  facets: Facets;
  onChange: (value: string) => void;
}

function Control({ name, value, facets, onChange }: ControlProps) {
  const id = useUniqueId();
  const kind = FILTERS[name];
  const change = (event: { currentTarget: { value: string } }) => onChange(event.currentTarget.value);
  const [low, high, step] = kind.range ?? [undefined, undefined, undefined];
  const options = kind.kind === "yes" ? ([["true", "Yes"], ["false", "No"]] as const) : (kind.options?.(facets) ?? []);
  const missing = value && !options.some(([one]) => one === value);
  return (
    <div class="field">
      <label for={id} class="small">
        {kind.label}
      </label>
      {kind.kind === "date" || kind.kind === "number" ? (
        <input id={id} type={kind.kind} min={low} max={high} step={step} value={value} onChange={change} />
      ) : (
        <select id={id} value={value} onChange={change}>
          <option value="">Any</option>
          {missing && <option value={value}>{value}</option>}
          {options.map(([one, words]) => (
            <option key={one} value={one}>
              {words}
            </option>
          ))}
        </select>
      )}
    </div>
  );
}

/** What holds now; each can be taken away. */
export function Chips({ filters, facets, onChange }: { filters: Filters; facets: Facets; onChange: Change }) {
  const held = NAMES.filter((name) => filters[name]);
  if (!held.length) return null;
  return (
    <ul class="reviews-chips" aria-label="Filters that hold">
      {held.map((name) => {
        const words = chipWords(name, filters[name] ?? "", facets);
        return (
          <li key={name} class="badge accent">
            {words}
            <button type="button" class="tag-remove" aria-label={`Take away ${words}`} onClick={() => onChange({ ...filters, [name]: "" })}>
              <Icon name="close" />
            </button>
          </li>
        );
      })}
      <li>
        <button type="button" class="link small" onClick={() => onChange({})}>
          Clear all
        </button>
      </li>
    </ul>
  );
}
