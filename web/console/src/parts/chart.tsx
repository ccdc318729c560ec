/** A small line of values over time, with its target; the values themselves stand in a table beside it. */

import type { ComponentChildren } from "preact";

export interface ChartPoint {
  at: string;
  value: number | null;
}

const WIDTH = 240;
const HEIGHT = 56;
const EDGE = 4;

export interface Drawn {
  /** One path a run of values without a gap. */
  lines: string[];
  target: number | null;
  last: { x: number; y: number } | null;
}

/** Where the line goes, in the drawing's own units; the target is always inside. */
export function drawn(series: readonly ChartPoint[], target: number | null, fromZero: boolean): Drawn {
  const values = series.flatMap((one) => (one.value === null ? [] : [one.value]));
  const all = [...values, ...(target === null ? [] : [target])];
  if (!values.length) return { lines: [], target: null, last: null };
  const low = fromZero ? Math.min(0, ...all) : Math.min(...all);
  const high = Math.max(...all);
  const span = high - low || Math.abs(high) || 1;
  const y = (value: number) => HEIGHT - EDGE - ((value - low) / span) * (HEIGHT - 2 * EDGE);
  const x = (at: number) => (series.length < 2 ? WIDTH / 2 : EDGE + (at / (series.length - 1)) * (WIDTH - 2 * EDGE));
  const lines: string[] = [];
  let open = false;
  let last: Drawn["last"] = null;
  series.forEach((one, at) => {
    if (one.value === null) {
      open = false;
      return;
    }
    last = { x: x(at), y: y(one.value) };
    const place = `${last.x.toFixed(1)} ${last.y.toFixed(1)}`;
    if (open) lines[lines.length - 1] += `L${place}`;
    else lines.push(`M${place}`);
    open = true;
  });
  return { lines, target: target === null ? null : y(target), last };
}

export function Sparkline({ series, target = null, fromZero = true }: { series: readonly ChartPoint[]; target?: number | null; fromZero?: boolean }) {
  const { lines, target: at, last } = drawn(series, target, fromZero);
  return (
    <svg class="sparkline" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
      <line class="sparkline-ground" x1="0" x2={WIDTH} y1={HEIGHT - EDGE} y2={HEIGHT - EDGE} />
      {at !== null && <line class="sparkline-target" x1="0" x2={WIDTH} y1={at} y2={at} />}
      {lines.map((path) => (
        <path key={path} class="sparkline-line" d={path} />
      ))}
      {last && <path class="sparkline-last" d={`M${last.x} ${last.y}h0.01`} />}
    </svg>
  );
}

/** A bare day is the company's, wherever the reader's clock stands. */
function dayWords(at: string): string {
  const zone = at.length === 10 ? { timeZone: "UTC" } : {};
  return new Date(at).toLocaleDateString([], { weekday: "short", day: "numeric", month: "short", ...zone });
}

/** The same values to read. */
export function SeriesTable({ caption, series, say }: { caption: string; series: readonly ChartPoint[]; say: (value: number | null) => ComponentChildren }) {
  return (
    <table class="series-table">
      <caption class="for-readers">{caption}</caption>
      <thead>
        <tr>
          <th scope="col">Day</th>
          <th scope="col" class="number">
            Value
          </th>
        </tr>
      </thead>
      <tbody>
        {series.map((one) => (
          <tr key={one.at}>
            <th scope="row">{dayWords(one.at)}</th>
            <td class="number">{say(one.value)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
