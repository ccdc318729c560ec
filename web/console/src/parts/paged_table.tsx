/** A list that comes in pages, in every state it can be in: on its way, failed, empty, there, with more to come. */

import type { ComponentChildren } from "preact";
import type { IconName } from "./icon.tsx";
import type { Paged } from "./paged.ts";
import { Empty, Failed, Loading } from "./state.tsx";

interface Column {
  title: string;
  /** Figures stand at the right. */
  number?: boolean;
}

interface Props<T, A> {
  /** What a screen reader calls the table. */
  label: string;
  page: Paged<T, A>;
  columns: readonly (string | Column)[];
  /** One `tr`; its key is set by the caller. */
  row: (item: T, at: number) => ComponentChildren;
  empty: { title: string; icon?: IconName; children?: ComponentChildren };
  class?: string;
  /** Stands above the rows while there are some. */
  above?: ComponentChildren;
}

export function PagedTable<T, A>({ label, page, columns, row, empty, class: name, above }: Props<T, A>) {
  const { items, answer, loading, error, more, again } = page;
  return (
    <>
      {error !== null && <Failed error={error} again={again} />}
      {loading && !answer && <Loading />}
      {answer && items.length === 0 && (
        <Empty icon={empty.icon ?? "search"} title={empty.title}>
          {empty.children}
        </Empty>
      )}
      {items.length > 0 && (
        <>
          {above}
          {/* It scrolls sideways where it is too wide, by keyboard as well. */}
          <div class="page-table" tabIndex={0} role="region" aria-label={label}>
            <table class={name}>
              <thead>
                <tr>
                  {columns.map((one) => {
                    const { title, number } = typeof one === "string" ? { title: one } : one;
                    return (
                      <th key={title} scope="col" class={number ? "number" : undefined}>
                        {title}
                      </th>
                    );
                  })}
                </tr>
              </thead>
              <tbody>{items.map(row)}</tbody>
            </table>
          </div>
        </>
      )}
      {more && (
        <div class="page-more">
          <button type="button" onClick={more}>
            Show more
          </button>
        </div>
      )}
    </>
  );
}
