import { Icon } from "../../parts/icon.tsx";
import { Markdown } from "../../parts/markdown.tsx";
import type { Pending, Sending } from "./sending.ts";

/** A message that is on its way, or did not arrive. */
export function PendingMessage({ one, sending }: { one: Pending; sending: Sending }) {
  const failed = one.state === "failed";
  return (
    <article class={`message ${one.mode === "note" ? "note" : "agent"} pending`} aria-label={failed ? "Not sent" : "Sending"}>
      <div class="bubble">
        <Markdown text={one.text} />
        {one.attachments.map((file) => (
          <p key={file.id} class="small">
            {file.name}
          </p>
        ))}
      </div>
      {failed ? (
        <p class="not-sent" role="alert">
          <Icon name="warning" class="small" />
          <span>Not sent. {one.problem}</span>
          <button type="button" class="link" onClick={() => sending.again(one.client_id)}>
            Try again
          </button>
          <button type="button" class="link" onClick={() => sending.edit(one.client_id)}>
            Edit
          </button>
        </p>
      ) : (
        <p class="muted small pending-state">Sending…</p>
      )}
    </article>
  );
}
