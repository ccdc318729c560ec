import { Icon } from "../parts/icon.tsx";
import { dismiss, spoken, toasts } from "./messages.ts";

/** Both live regions stand in the page from the start: readers ignore one that comes together with its text. */
export function Messages() {
  return (
    <>
      <div class="for-readers" role="status" aria-live="polite">
        {spoken.value}
      </div>
      <section class="toasts" aria-label="Messages">
        {toasts.value.map((one) => (
          <div key={one.id} class={`toast ${one.kind}`}>
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
        ))}
      </section>
    </>
  );
}
