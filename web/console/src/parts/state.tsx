/** What a page shows while it has nothing to show: loading, nothing there, did not work. */

import type { ComponentChildren } from "preact";
import { sentence } from "../api/errors.ts";
import { Icon, type IconName } from "./icon.tsx";

export function Loading({ what = "Loading" }: { what?: string }) {
  return (
    <div class="state loading" role="status">
      <span class="dots" aria-hidden="true" />
      <p>{what}…</p>
    </div>
  );
}

export function Empty({ icon = "inbox", title, children }: { icon?: IconName; title: string; children?: ComponentChildren }) {
  return (
    <div class="state">
      <Icon name={icon} />
      <p class="state-title">{title}</p>
      {children && <div class="muted">{children}</div>}
    </div>
  );
}

export function Failed({ error, again }: { error: unknown; again: () => void }) {
  return (
    <div class="state" role="alert">
      <Icon name="warning" />
      <p class="state-title">This could not be loaded.</p>
      <p class="muted">{sentence(error)}</p>
      <button type="button" onClick={again}>
        Try again
      </button>
    </div>
  );
}
