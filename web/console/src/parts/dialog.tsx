/** A modal dialog: the browser's own, which keeps the focus inside and gives it back to what opened it. */

import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { useUniqueId } from "./unique_id.ts";
import { Icon } from "./icon.tsx";

interface Props {
  title: string;
  /** Called when the person closes it by Escape, the cross, or a click beside it. */
  onClose: () => void;
  children: ComponentChildren;
  size?: "small" | "medium" | "wide";
  /** A sheet at the right edge instead of the middle. */
  sheet?: boolean;
}

export function Dialog({ title, onClose, children, size = "small", sheet }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useUniqueId();
  useLayoutEffect(() => {
    const shown = dialog.current;
    const before = document.activeElement;
    shown?.showModal();
    const first = shown?.querySelector<HTMLElement>("[data-first-focus], .dialog-body input, .dialog-body textarea, .dialog-body select");
    first?.focus();
    return () => {
      shown?.close();
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  return (
    <dialog
      ref={dialog}
      class={`dialog ${size}${sheet ? " sheet" : ""}`}
      aria-labelledby={heading}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onMouseDown={(event) => {
        if (event.target === dialog.current) onClose();
      }}
    >
      <div class="dialog-frame">
        <header class="dialog-head">
          <h2 id={heading}>{title}</h2>
          <button type="button" class="icon-only quiet" aria-label="Close" onClick={onClose}>
            <Icon name="close" />
          </button>
        </header>
        <div class="dialog-body">{children}</div>
      </div>
    </dialog>
  );
}
