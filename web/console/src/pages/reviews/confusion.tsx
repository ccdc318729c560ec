/** Which intents were taken for which, as corrections tell it. */

import { useState } from "preact/hooks";
import { Link } from "wouter-preact";
import { api } from "../../api/index.ts";
import { useLoaded } from "../../parts/loaded.ts";
import { Empty, Failed, Loading } from "../../parts/state.tsx";
import { Page } from "../../shell/page.tsx";
import { Bar } from "../inbox/knew.tsx";
import { type Listed, listed } from "../inbox/wire.ts";
import { ReviewViews } from "./page.tsx";
import { reviewAddress } from "./trail.ts";
import type { Confusion } from "./wire.ts";

export function Confused() {
  const [from, setFrom] = useState("");
  const [to, setTo] = useState("");
  const [loaded, again] = useLoaded((signal) => api.get<Listed<Confusion>>("/reviews/confusion", { from, to }, signal).then(listed), `${from} ${to}`);
  const pairs = [...(loaded.value ?? [])].sort((a, b) => b.count - a.count);
  const most = pairs[0]?.count ?? 1;
  return (
    <Page title="Reviews" about="What the bot takes for something else, by your corrections.">
      <ReviewViews />
      <div class="page-tools">
        <label class="row">
          From <input type="date" value={from} onChange={(event) => setFrom(event.currentTarget.value)} />
        </label>
        <label class="row">
          until <input type="date" value={to} onChange={(event) => setTo(event.currentTarget.value)} />
        </label>
      </div>
      {loaded.state === "failed" && <Failed error={loaded.error} again={again} />}
      {loaded.state === "loading" && !loaded.value && <Loading />}
      {loaded.value && pairs.length === 0 && <Empty icon="check" title="Nothing was corrected in this time" />}
      {pairs.length > 0 && (
        <div class="page-table">
          <table class="confusion-table">
            <thead>
              <tr>
                <th scope="col">Taken for</th>
                <th scope="col">Meant</th>
                <th scope="col" class="number">
                  Times
                </th>
                <th scope="col">Share of the most frequent</th>
                <th scope="col">Conversations</th>
              </tr>
            </thead>
            <tbody>
              {pairs.map((one) => (
                <tr key={`${one.said} ${one.corrected}`}>
                  <th scope="row">{one.said ?? "nothing"}</th>
                  <td>{one.corrected}</td>
                  <td class="number">{one.count}</td>
                  <td>
                    <span class="for-readers">{Math.round((one.count / most) * 100)} %</span>
                    <Bar share={one.count / most} />
                  </td>
                  <td>
                    <span class="row">
                      {one.conversations.map((id, at) => (
                        <Link key={id} class="confusion-link" href={reviewAddress(id)} aria-label={`Conversation ${at + 1}: ${one.said} for ${one.corrected}`}>
                          {at + 1}
                        </Link>
                      ))}
                    </span>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Page>
  );
}
