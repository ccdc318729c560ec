import { useState } from "preact/hooks";
import { Icon } from "../parts/icon.tsx";
import { dismiss, spoken, type Toast, toasts } from "./messages.ts";

/** Both live regions stand in the page from the start: readers ignore one that comes together with its text. */
export function Messages() {
  return (
    <>
      <div class="for-readers" role="status" aria-live="polite">
        {spoken.value}
      </div>
      <Toasts />
    </>
  );
}

/** The newest message; the others behind a number, so that they never cover what somebody works on. */
function Toasts() {
  const [all, setAll] = useState(false);
  const shown = toasts.value.toReversed();
  const more = shown.length - 1;
  if (all && more < 1) setAll(false);
  return (
    <section class="toasts" aria-label="Messages">
      {(all ? shown : shown.slice(0, 1)).map((one) => (
        <ToastItem key={one.id} one={one} />
      ))}
      {more > 0 && (
        <button type="button" class="toasts-more" aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? "Show the newest only" : more === 1 ? "1 more message" : `${more} more messages`}
        </button>
      )}
    </section>
  );
}

function ToastItem({ one }: { one: Toast }) {
  return (
    <div class={`toast ${one.kind}`}>
      <Icon name={one.kind === "bad" ? "warning" : one.kind === "good" ? "check" : "info"} />
      <p>{one.text}</p>
      {one.action && (
        <button
          type="button"
          class="quiet"
          onClick={() => {
            one.action?.run();
            dismiss(one.id);
          }}
        >
          {one.action.label}
        </button>
      )}
      <button type="button" class="icon-only quiet" aria-label="Close this message" onClick={() => dismiss(one.id)}>
        <Icon name="close" />
      </button>
    </div>
  );
}
