/** How the desk does: figures with what they mean, their targets, and the conversations behind them. */

import { useEffect, useState } from "preact/hooks";
import { Route, Switch, useSearchParams } from "wouter-preact";
import { api } from "../../api/index.ts";
import { Icon } from "../../parts/icon.tsx";
import { useLoaded } from "../../parts/loaded.ts";
import { Empty, Failed, Loading } from "../../parts/state.tsx";
import { shortVersion } from "../../parts/version.tsx";
import { Page } from "../../shell/page.tsx";
import { Behind } from "./behind.tsx";
import { Agents, Escalations, Intents, Versions } from "./breakdowns.tsx";
import { FigureCard } from "./figure.tsx";
import { SavingsCard } from "./savings.tsx";
import type { Numbers } from "./wire.ts";
import { type Period, periodOf } from "./words.ts";
import "./numbers.css";

export function NumbersPage() {
  return (
    <Switch>
      <Route path="/numbers/f/:figure">{({ figure }) => <Behind figure={figure} />}</Route>
      <Route component={Dashboard} />
    </Switch>
  );
}

function Dashboard() {
  const [search] = useSearchParams();
  const period = periodOf(search, new Date());
  const query = { from: period.from, to: period.to, channel: search.get("channel"), model: search.get("model") };
  const key = JSON.stringify(query);
  const [loaded, again] = useLoaded((signal) => api.get<Numbers>("/numbers", { ...query, compare: "previous" }, signal), key);
  const numbers = loaded.value;
  const here = api.address("", query).split("?")[1] ?? "";
  const actions = (
    <a class="button" href={api.address("/numbers.csv", query)} download>
      <Icon name="download" />
      CSV
    </a>
  );
  return (
    <Page title="Numbers" about="Compared with the period of the same length before." actions={actions}>
      <Choice period={period} numbers={numbers} />
      {loaded.state === "failed" && <Failed error={loaded.error} again={again} />}
      {loaded.state === "loading" && !numbers && <Loading what="Counting" />}
      {numbers && numbers.figures.length === 0 && <Empty icon="numbers" title="Nothing happened in this time" />}
      {numbers?.complete === false && <p class="notice">Older conversations are still being counted; the figures grow for a while.</p>}
      {numbers && (
        <>
          <ul class={loaded.state === "loading" ? "numbers-figures waiting" : "numbers-figures"} aria-label="Figures">
            {numbers.figures.map((figure) => (
              <FigureCard key={figure.id} figure={figure} search={here} />
            ))}
          </ul>
          <div class="numbers-parts">
            <Escalations escalations={numbers.escalations} period={period} />
            <SavingsCard period={period} />
            <Intents intents={numbers.intents} period={period} />
            <Agents agents={numbers.agents} />
            <Versions versions={numbers.versions} />
          </div>
        </>
      )}
    </Page>
  );
}

function Choice({ period, numbers }: { period: Period; numbers: Numbers | null }) {
  const [search, setSearch] = useSearchParams();
  const change = (changed: Record<string, string>) => {
    const next = { ...Object.fromEntries(search), ...changed };
    setSearch(Object.fromEntries(Object.entries(next).filter(([, value]) => value)));
  };
  return (
    <div class="page-tools" role="group" aria-label="What is counted">
      <select aria-label="Period" value={period.days} onChange={(event) => change({ days: event.currentTarget.value, from: "", to: "" })}>
        <option value="7">Last 7 days</option>
        <option value="28">Last 28 days</option>
        <option value="90">Last 90 days</option>
        <option value="365">Last 365 days</option>
        {!period.days && <option value="">Chosen days</option>}
      </select>
      <Day label="From" value={period.from} onChange={(from) => change({ from, to: period.to, days: "" })} />
      <Day label="until" value={period.to} onChange={(to) => change({ from: period.from, to, days: "" })} />
      <select aria-label="Channel" value={search.get("channel") ?? ""} onChange={(event) => change({ channel: event.currentTarget.value })}>
        <option value="">All channels</option>
        {withChosen(numbers?.channels, search.get("channel")).map((one) => (
          <option key={one}>{one}</option>
        ))}
      </select>
      <select aria-label="Model" value={search.get("model") ?? ""} onChange={(event) => change({ model: event.currentTarget.value })}>
        <option value="">All models</option>
        {withChosen(numbers?.models, search.get("model")).map((one) => (
          <option key={one} value={one} title={one}>
            {shortVersion(one)}
          </option>
        ))}
      </select>
    </div>
  );
}

const withChosen = (known: readonly string[] = [], chosen: string | null): readonly string[] => (chosen && !known.includes(chosen) ? [chosen, ...known] : known);

function Day({ label, value, onChange }: { label: string; value: string; onChange: (value: string) => void }) {
  const [typed, setTyped] = useState(value);
  useEffect(() => setTyped(value), [value]);
  return (
    <label class="row">
      {label}
      <input
        type="date"
        required
        value={typed}
        onChange={(event) => {
          setTyped(event.currentTarget.value);
          if (event.currentTarget.value) onChange(event.currentTarget.value);
        }}
      />
    </label>
  );
}
