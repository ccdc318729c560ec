/** Above a translated reply: what one wrote, which colleagues will read beside it. */

import { Icon } from "../../parts/icon.tsx";
import type { Room } from "./room.ts";

export function OriginalOfReply({ room }: { room: Room }) {
  const { original, reply } = room.draft.value;
  if (!original || !reply.trim()) return null;
  return (
    <div class="composer-original">
      <p class="cut">
        <span class="muted small">You wrote: </span>
        {original.text}
      </p>
      <button type="button" class="icon-only quiet" aria-label="Back to what you wrote" title="Back to what you wrote" onClick={() => room.write({ reply: original.text, original: null })}>
        <Icon name="close" />
      </button>
    </div>
  );
}
