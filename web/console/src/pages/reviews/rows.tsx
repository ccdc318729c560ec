import { Link } from "wouter-preact";
import { Icon } from "../../parts/icon.tsx";
import { minuteClock, momentOf, moodOf, percent, reasonWords, spelled } from "../inbox/words.ts";
import { OUTCOMES, STATES, WHY } from "./filters.ts";
import { reviewAddress } from "./trail.ts";
import type { Row } from "./wire.ts";

export function Rows({ rows, worth }: { rows: readonly Row[]; worth: boolean }) {
  return (
    <div class="page-table">
      <table class="reviews-table">
        <thead>
          <tr>
            <th scope="col">Conversation</th>
            <th scope="col">Intents</th>
            <th scope="col">How it ended</th>
            <th scope="col">Customer</th>
            <th scope="col">Review</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.id} class={row.state === "unread" ? "unread" : undefined}>
              <th scope="row">
                <Link href={reviewAddress(row.id)} data-review={row.id} class="reviews-link">
                  {row.first_text || "Nothing was said"}
                </Link>
                <p class="muted small">
                  {momentOf(row.started_at, minuteClock.value)} · {spelled(row.channel)} · {row.customer_messages === 1 ? "1 message" : `${row.customer_messages} messages`}
                  {worth && row.why_next && ` · ${WHY[row.why_next] ?? spelled(row.why_next)}`}
                </p>
              </th>
              <td class="reviews-intents">
                <p>{row.intents.join(", ") || "–"}</p>
                <p class="muted small">
                  {row.min_confidence !== null && `at least ${percent(row.min_confidence)}`}
                  {row.fallbacks > 0 && ` · ${row.fallbacks} not understood`}
                </p>
              </td>
              <td>
                <p>{OUTCOMES[row.outcome] ?? row.outcome}</p>
                {row.handoff_reason && <p class="muted small">{reasonWords(row.handoff_reason)}</p>}
              </td>
              <td>
                <Mood value={row.sentiment_min} />
                {row.rating !== null && <p class="figures small">{row.rating} of 5</p>}
              </td>
              <td>
                <Marks row={row} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

export function Marks({ row }: { row: Row }) {
  return (
    <div class="reviews-marks">
      <span class={row.state === "reviewed" ? "badge good" : row.state === "later" ? "badge warn" : "badge"}>{STATES[row.state]}</span>
      {row.flagged && (
        <span class="badge bad">
          <Icon name="flag" />
          Flagged
        </span>
      )}
      {row.tags.map((tag) => (
        <span class="badge accent" key={tag}>
          {tag}
        </span>
      ))}
    </div>
  );
}

export function Mood({ value }: { value: number | null }) {
  const mood = moodOf(value);
  if (!mood) return null;
  return (
    <span class={`mood ${mood.icon}`}>
      <Icon name={mood.icon} class="small" />
      {mood.word}
    </span>
  );
}
