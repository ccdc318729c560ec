/** What the bot knew when it said this: one line in words, more on demand, and the names of the machine behind "Why". */

import { Icon } from "../../parts/icon.tsx";
import { Fact, inWords, shown } from "./handoff.tsx";
import { rungWords } from "./rungs.ts";
import type { Knew } from "./wire.ts";
import { intentWords, moodOf, percent, slotWords, spelled } from "./words.ts";

export function KnewDetails({ knew }: { knew: Knew }) {
  return (
    <details class="knew">
      <summary>
        <Icon name="right" class="small turn" />
        <span class="for-readers">What the bot knew: </span>
        {oneLine(knew)}
      </summary>
      <KnewBody knew={knew} />
    </details>
  );
}

const NOTHING = "nlu_fallback";

/** Several answers of one turn are told from the same knowledge: it stands under the last of them. */
export function saysTheSame(knew: Knew, next: Knew | null | undefined): boolean {
  return JSON.stringify(knew) === JSON.stringify(next);
}

function oneLine(knew: Knew): string {
  const mood = moodOf(knew.sentiment);
  const parts = [
    knew.intent && (knew.intent.name === NOTHING ? intentWords(NOTHING) : `${intentWords(knew.intent.name)} ${percent(knew.intent.confidence)}`),
    knew.rung && rungWords(knew.rung),
    mood && mood.icon !== "neutral" && mood.word.toLowerCase(),
    knew.urgency === "high" && "urgent",
  ];
  return parts.filter(Boolean).join(" · ") || "What the bot knew";
}

export function KnewBody({ knew }: { knew: Knew }) {
  const ranking = knew.ranking.length ? knew.ranking : knew.intent ? [knew.intent] : [];
  return (
    <div class="knew-body">
      {ranking.length > 0 && (
        <table class="ranking">
          <caption>What it took the message for</caption>
          <tbody>
            {ranking.map((one) => (
              <tr key={one.name}>
                <th scope="row" title={one.name}>
                  {intentWords(one.name)}
                </th>
                <td>
                  <Bar share={one.confidence} />
                </td>
                <td class="number">{percent(one.confidence)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <dl class="facts">
        {knew.sentiment !== null && <Fact name="Mood">{`${moodOf(knew.sentiment)?.word} (${knew.sentiment.toFixed(2)})`}</Fact>}
        {knew.urgency && <Fact name="Urgency">{spelled(knew.urgency)}</Fact>}
        {knew.rung && <Fact name="Answer from">{rungWords(knew.rung)}</Fact>}
        {knew.entities.length > 0 && <Fact name="Found in it">{knew.entities.map((one) => `${slotWords(one.entity)}: ${one.value}`).join(", ")}</Fact>}
        {remembered(knew).length > 0 && <Fact name="Remembered">{remembered(knew).join(", ")}</Fact>}
      </dl>
      {knew.citations.length > 0 && (
        <table class="ranking">
          <caption>Sources and how well they fit</caption>
          <tbody>
            {knew.citations.map((one) => (
              <tr key={one.entry_id}>
                <th scope="row">{one.title}</th>
                <td>{typeof one.relevance === "number" && <Bar share={one.relevance} />}</td>
                <td class="number">{typeof one.relevance === "number" ? percent(one.relevance) : ""}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <Why knew={knew} />
    </div>
  );
}

function remembered({ slots_set }: Knew): string[] {
  return Object.entries(slots_set)
    .filter(([, value]) => value !== null)
    .map(([name, value]) => (name === ASKED ? `Asked for: ${slotWords(String(value))}` : `${spelled(name)}: ${inWords(value)}`));
}

/** The slot that a form fills next. */
const ASKED = "requested_slot";

/** For those who build the bot: the same in its own names. */
function Why({ knew }: { knew: Knew }) {
  const slots = Object.entries(knew.slots_set).map(([name, value]) => `${name} = ${shown(value)}`);
  if (!knew.actions.length && !knew.policy && !slots.length) return null;
  return (
    <details class="knew-why">
      <summary>
        <Icon name="right" class="small turn" />
        Why
      </summary>
      <dl class="facts">
        {knew.intent && <Fact name="Intent">{knew.intent.name}</Fact>}
        {knew.actions.length > 0 && <Fact name="Did">{knew.actions.join(" → ")}</Fact>}
        {knew.policy && <Fact name="Decided by">{knew.policy}</Fact>}
        {slots.length > 0 && <Fact name="Slots">{slots.join(", ")}</Fact>}
      </dl>
    </details>
  );
}

export function Bar({ share }: { share: number }) {
  const width = Math.max(0, Math.min(1, share)) * 100;
  return (
    <svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
      <rect class="bar-ground" width="100" height="8" />
      <rect class="bar-share" width={width} height="8" />
    </svg>
  );
}
