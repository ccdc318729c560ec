/** A labelled control with its hint and its error, tied together for screen readers. */

import { cloneElement, type ComponentChildren, type VNode } from "preact";
import { useUniqueId } from "./unique_id.ts";

interface Props {
  label: string;
  hint?: string | undefined;
  error?: string | null | undefined;
  children: VNode<Record<string, unknown>>;
  /** Behind the label: "optional", a link. */
  aside?: ComponentChildren;
}

export function Field({ label, hint, error, children, aside }: Props) {
  const id = useUniqueId();
  const described = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(" ");
  return (
    <div class="field">
      <div class="field-label">
        <label for={id}>{label}</label>
        {aside && <span class="muted">{aside}</span>}
      </div>
      {cloneElement(children, {
        id,
        ...(described ? { "aria-describedby": described } : {}),
        ...(error ? { "aria-invalid": "true" } : {}),
      })}
      {hint && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {error && (
        <p class="error" id={`${id}-error`}>
          {error}
        </p>
      )}
    </div>
  );
}
