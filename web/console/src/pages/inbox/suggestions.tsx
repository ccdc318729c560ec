/** Answers that the knowledge, colleagues or the model suggest: put into the reply to be edited, never sent by themselves. */

import { api } from "../../api/index.ts";
import { Icon } from "../../parts/icon.tsx";
import { type Loaded, useLoaded } from "../../parts/loaded.ts";
import { Markdown } from "../../parts/markdown.tsx";
import { Failed, Loading } from "../../parts/state.tsx";
import { languageModel } from "./helps.ts";
import type { Room } from "./room.ts";
import type { Suggestion } from "./wire.ts";
import { percent } from "./words.ts";

interface Props {
  room: Room;
  onUse: (text: string) => void;
  onClose: () => void;
}

interface Answer {
  suggestions: Suggestion[];
}

export function Suggestions({ room, onUse, onClose }: Props) {
  const path = `/conversations/${room.id}`;
  const [entries, entriesAgain] = useLoaded((signal) => api.get<Answer>(`${path}/suggestions`, {}, signal), room.id);
  const [drafts, draftsAgain] = useLoaded(() => api.post<Answer>(`${path}/drafts`, {}, { again: true }), room.id);
  const found = [drafts, entries].flatMap((one) => (one.state === "ready" ? one.value.suggestions : []));
  const nothing = entries.state === "ready" && drafts.state === "ready" && !found.length;
  return (
    <section class="suggestions" aria-label="Suggested answers">
      <header>
        <h2>Suggested answers</h2>
        <button type="button" class="icon-only quiet" aria-label="Close the suggestions" onClick={onClose}>
          <Icon name="close" />
        </button>
      </header>
      {found.length > 0 && (
        <ul aria-busy={drafts.state === "loading"}>
          {found.map((one) => (
            <Offered key={`${one.source} ${one.text}`} suggestion={one} onUse={onUse} />
          ))}
        </ul>
      )}
      <Waiting loaded={entries} again={entriesAgain} what="Looking in the knowledge" />
      <Waiting loaded={drafts} again={draftsAgain} what={languageModel.value ? "The language model writes" : "Looking for approved answers"} />
      {nothing && <p class="muted">The knowledge has nothing that fits.</p>}
      {languageModel.value === false && <p class="muted small suggestions-none">No language model is connected: these are the knowledge’s own words.</p>}
    </section>
  );
}

function Waiting({ loaded, again, what }: { loaded: Loaded<Answer>; again: () => void; what: string }) {
  if (loaded.state === "failed") return <Failed error={loaded.error} again={again} />;
  return loaded.state === "loading" ? <Loading what={what} /> : null;
}

const SOURCES: Record<Suggestion["source"], string> = {
  knowledge: "From the knowledge",
  approved: "Approved answer",
  model: "Written by the language model from",
};

function Offered({ suggestion, onUse }: { suggestion: Suggestion; onUse: (text: string) => void }) {
  const { text, source, citations, for_staff: forStaff } = suggestion;
  const words = source === "model" && !citations.length ? "Written by the language model" : SOURCES[source];
  return (
    <li>
      <div class="suggestion-text">
        {forStaff && (
          <p>
            <span class="badge warn">For staff only</span>
          </p>
        )}
        <Markdown text={text} />
        <p class="muted small">
          {words}
          {citations.map((cited) => ` · ${cited.title}${typeof cited.relevance === "number" ? ` ${percent(cited.relevance)}` : ""}`)}
        </p>
      </div>
      {!forStaff && (
        <button type="button" onClick={() => onUse(text)}>
          Use
        </button>
      )}
    </li>
  );
}
