import { Link } from "wouter-preact";
import { Icon } from "../../parts/icon.tsx";
import { SeriesTable, Sparkline } from "../../parts/chart.tsx";
import type { Figure } from "./wire.ts";
import { changeWords, isMet, targetWords, valueWords } from "./words.ts";

export function FigureCard({ figure, search }: { figure: Figure; search: string }) {
  const change = changeWords(figure);
  const waits = figure.value === null && Boolean(figure.decided?.of);
  const value = waits ? "not yet known" : valueWords(figure.value, figure);
  return (
    <li class="card numbers-figure">
      <h2>{figure.name}</h2>
      <p class="numbers-value figures">
        {waits ? <span class="muted">{value}</span> : value}
        {figure.unit === "score" && figure.value !== null && <span class="muted small"> of 5</span>}
      </p>
      <p class="small muted">
        {change ?? "nothing to compare with"}
        {figure.previous !== null && change && change !== "as before" && `, from ${valueWords(figure.previous, figure)}`}
      </p>
      {figure.decided && figure.decided.of > 0 && (
        <p class="small muted">
          {figure.decided.count} of {figure.decided.of} decided{waits && "; the rest within three days"}
        </p>
      )}
      <Target figure={figure} />
      <Sparkline series={figure.series} target={figure.target?.value ?? null} fromZero={figure.unit !== "score"} />
      <div class="numbers-more">
        <details>
          <summary>
            <Icon name="info" class="small" />
            <span>
              What it means<span class="for-readers">: {figure.name}</span>
            </span>
          </summary>
          <p>{figure.definition}</p>
          {figure.series.length > 0 && (
            <div class="numbers-series" tabIndex={0} role="region" aria-label={`${figure.name}, day by day`}>
              <SeriesTable caption={`${figure.name}, day by day`} series={figure.series} say={(one) => valueWords(one, figure)} />
            </div>
          )}
        </details>
        {figure.conversations_url && (
          <Link href={`/numbers/f/${encodeURIComponent(figure.id)}?${search}`} aria-label={`Conversations behind ${figure.name}`} class="small">
            Conversations
          </Link>
        )}
      </div>
    </li>
  );
}

function Target({ figure }: { figure: Figure }) {
  if (!figure.target) return null;
  const words = `Target: ${targetWords(figure.target, figure)}`;
  if (figure.value === null) return <p class="small muted">{words}</p>;
  const met = isMet(figure.value, figure.target);
  return (
    <p>
      <span class={met ? "badge good" : "badge warn"}>
        <Icon name={met ? "check" : "warning"} />
        {words}
        {!met && ", missed"}
      </span>
    </p>
  );
}
