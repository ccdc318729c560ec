/** The frame of a page: its title (also the tab's), what it is about, its actions, its content. */

import type { ComponentChildren } from "preact";
import { useEffect } from "preact/hooks";
import { titleMark } from "./tab_title.ts";

interface Props {
  title: string;
  /** Behind the title, one line. */
  about?: ComponentChildren;
  /** Buttons at the right of the title. */
  actions?: ComponentChildren;
  children: ComponentChildren;
  /** The content fills the window and scrolls inside by itself; no margins. */
  full?: boolean;
}

export function Page({ title, about, actions, children, full }: Props) {
  useTitle(title);
  return (
    <div class={full ? "page full" : "page"}>
      {!full && (
        <header class="page-head">
          <div>
            <h1>{title}</h1>
            {about && <p class="muted">{about}</p>}
          </div>
          {actions && <div class="page-actions">{actions}</div>}
        </header>
      )}
      {children}
    </div>
  );
}

/** Names the browser's tab while the component is shown. */
export function useTitle(title: string): void {
  useEffect(() => {
    document.title = `${titleMark.value}${title} · Frontdesk`;
  }, [title, titleMark.value]);
}
