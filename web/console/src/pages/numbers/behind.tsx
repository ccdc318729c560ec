/** The conversations behind a figure. */

import { Link, useSearchParams } from "wouter-preact";
import { api, may } from "../../api/index.ts";
import { Icon } from "../../parts/icon.tsx";
import { useLoaded } from "../../parts/loaded.ts";
import { type PageAnswer, usePaged } from "../../parts/paged.ts";
import { PagedTable } from "../../parts/paged_table.tsx";
import { Page } from "../../shell/page.tsx";
import { minuteClock, momentOf, spelled } from "../inbox/words.ts";
import { reviewAddress } from "../reviews/trail.ts";
import type { Behind as Row, Numbers } from "./wire.ts";
import { valueWords } from "./words.ts";

export function Behind({ figure: id }: { figure: string }) {
  const [search] = useSearchParams();
  const query = Object.fromEntries(search);
  const key = search.toString();
  const page = usePaged<Row>((cursor, signal) => api.get<PageAnswer<Row>>(`/numbers/${encodeURIComponent(id)}/conversations`, { ...query, cursor }, signal), `${id} ${key}`);
  const [numbers] = useLoaded((signal) => api.get<Numbers>("/numbers", query, signal), key);
  const figure = numbers.value?.figures.find((one) => one.id === id);
  const actions = (
    <Link href={`/numbers?${key}`} class="button">
      <Icon name="back" />
      All numbers
    </Link>
  );
  return (
    <Page title={figure?.name ?? spelled(id)} about={figure ? `${valueWords(figure.value, figure)}. ${figure.definition}` : "The conversations behind the figure."} actions={actions}>
      <PagedTable
        label="Conversations"
        page={page}
        columns={["Conversation", "When"]}
        empty={{ title: "No conversation in this time" }}
        row={(row) => (
          <tr key={row.id}>
            <th scope="row">
              <Opens id={row.id} words={row.first_text || row.id} />
            </th>
            <td class="muted">
              {momentOf(row.at, minuteClock.value)}
              {row.channel && ` · ${spelled(row.channel)}`}
            </td>
          </tr>
        )}
      />
    </Page>
  );
}

/** Whoever may read transcripts opens one; an agent the conversation itself. */
function Opens({ id, words }: { id: string; words: string }) {
  if (may("review")) return <Link href={reviewAddress(id)}>{words}</Link>;
  if (may("answer")) return <Link href={`/inbox/all/${id}`}>{words}</Link>;
  return <>{words}</>;
}
