import type { ComponentChildren } from "preact";
import { Link } from "wouter-preact";
import { may } from "../../api/index.ts";
import { Sparkline } from "../../parts/chart.tsx";
import { useUniqueId } from "../../parts/unique_id.ts";
import { Bar } from "../inbox/knew.tsx";
import { intentWords, reasonWords, spelled } from "../inbox/words.ts";
import type { AgentLoad, Numbers, VersionFigures } from "./wire.ts";
import { Version } from "../../parts/version.tsx";
import { type Period, valueWords } from "./words.ts";

export function Part({ title, children, wide }: { title: string; children: ComponentChildren; wide?: boolean }) {
  const id = useUniqueId();
  return (
    <section class={wide ? "card numbers-part wide" : "card numbers-part"} aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      {children}
    </section>
  );
}

/** To the transcripts with this filter, where somebody may read them. */
function ToReviews({ filter, period, children }: { filter: Record<string, string>; period: Period; children: ComponentChildren }) {
  if (!may("review")) return <>{children}</>;
  return <Link href={`/reviews?${new URLSearchParams({ ...filter, from: period.from, to: period.to })}`}>{children}</Link>;
}

export function Escalations({ escalations, period }: { escalations: Numbers["escalations"]; period: Period }) {
  const sorted = [...escalations].sort((a, b) => b.count - a.count);
  const most = sorted[0]?.count ?? 1;
  return (
    <Part title="Why people were called">
      {sorted.length === 0 && <p class="muted">Nobody was called.</p>}
      <table class="numbers-table">
        <caption class="for-readers">Reasons and how often</caption>
        <tbody>
          {sorted.map((one) => (
            <tr key={one.reason}>
              <th scope="row">
                <ToReviews filter={{ handoff_reason: one.reason }} period={period}>
                  {reasonWords(one.reason)}
                </ToReviews>
              </th>
              <td class="numbers-bar">
                <Bar share={one.count / most} />
              </td>
              <td class="number">{one.count}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Part>
  );
}

export function Intents({ intents, period }: { intents: Numbers["intents"]; period: Period }) {
  const counted = intents.map((one) => ({ ...one, total: one.series.reduce((sum, point) => sum + (point.value ?? 0), 0) }));
  const sorted = counted.sort((a, b) => b.total - a.total);
  return (
    <Part title="What customers wanted, over time">
      {sorted.length === 0 && <p class="muted">Nothing yet.</p>}
      <table class="numbers-table">
        <caption class="for-readers">Intents, how often, first and last day</caption>
        <tbody>
          {sorted.map((one) => (
            <tr key={one.intent}>
              <th scope="row" title={one.intent}>
                <ToReviews filter={{ intent: one.intent }} period={period}>
                  {intentWords(one.intent)}
                </ToReviews>
              </th>
              <td class="numbers-bar">
                <Sparkline series={one.series} />
                <span class="for-readers">{`first ${one.series[0]?.value ?? 0}, last ${one.series.at(-1)?.value ?? 0}`}</span>
              </td>
              <td class="number">{valueWords(one.total, { unit: "count" })}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Part>
  );
}

export function Agents({ agents }: { agents: readonly AgentLoad[] }) {
  if (!agents.length) return null;
  const most = Math.max(1, ...agents.map((one) => one.resolved));
  return (
    <Part title="Who carries how much">
      <div class="numbers-scroll">
        <table class="numbers-table">
          <thead>
            <tr>
              <th scope="col">Name</th>
              <th scope="col" class="number">
                Open now
              </th>
              <th scope="col" colSpan={2}>
                Resolved
              </th>
              <th scope="col" class="number">
                First answer, median
              </th>
            </tr>
          </thead>
          <tbody>
            {agents.map((one) => (
              <tr key={one.id}>
                <th scope="row">{one.name}</th>
                <td class="number">{one.open}</td>
                <td class="numbers-bar">
                  <Bar share={one.resolved / most} />
                </td>
                <td class="number">{one.resolved}</td>
                <td class="number">{valueWords(one.first_response_median, { unit: "seconds" })}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Part>
  );
}

export function Versions({ versions }: { versions: readonly VersionFigures[] }) {
  if (!versions.length) return null;
  const columns = [...new Map(versions.flatMap((one) => one.figures.map((figure) => [figure.id, figure.name] as const)))];
  return (
    <Part title="Versions of models and prompts compared" wide>
      <div class="numbers-scroll" tabIndex={0} role="region" aria-label="Versions compared">
        <table class="numbers-table">
          <thead>
            <tr>
              <th scope="col">Version</th>
              {columns.map(([id, name]) => (
                <th scope="col" class="number" key={id}>
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {versions.map((one) => (
              <tr key={`${one.kind} ${one.version}`}>
                <th scope="row">
                  {spelled(one.kind)} <Version name={one.version} />
                </th>
                {columns.map(([id]) => {
                  const figure = one.figures.find((other) => other.id === id);
                  return (
                    <td class="number" key={id}>
                      {figure ? valueWords(figure.value, figure) : "–"}
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Part>
  );
}
