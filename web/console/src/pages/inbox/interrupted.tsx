import { Icon } from "../../parts/icon.tsx";
import { Markdown } from "../../parts/markdown.tsx";
import type { Room } from "./room.ts";

/** The second writer is told what the first one said, and decides; their own text stays as it is. */
export function Interrupted({ room, onSend }: { room: Room; onSend: () => void }) {
  const interruption = room.interruption.value;
  if (!interruption) return null;
  const { by, text } = interruption;
  return (
    <div class="interrupted" role="alert">
      <Icon name="warning" />
      <div>
        <p>
          <strong>{text ? `${by} answered while you were writing.` : `${by} took this conversation while you were writing.`}</strong> Your text is kept.
        </p>
        {text && (
          <blockquote>
            <Markdown text={text} />
          </blockquote>
        )}
      </div>
      <div class="interrupted-acts">
        <button type="button" onClick={onSend} disabled={!room.draft.value.reply.trim() && !room.draft.value.attachments.length}>
          Send mine too
        </button>
        <button type="button" class="quiet" onClick={() => room.write({ reply: "", attachments: [] })}>
          Discard mine
        </button>
        <button type="button" class="quiet" onClick={() => room.write({ mode: "note", note: room.draft.peek().reply, reply: "" })}>
          Make it a note
        </button>
      </div>
    </div>
  );
}
