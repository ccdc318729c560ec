/** What was meant: the intent from the bot's own candidates or any other, found by typing. */

import { useState } from "preact/hooks";
import { api } from "../../api/index.ts";
import { Combobox, narrowed, type Option } from "../../parts/combobox.tsx";
import { Dialog } from "../../parts/dialog.tsx";
import { useLoaded } from "../../parts/loaded.ts";
import { Bar } from "../inbox/knew.tsx";
import { type Listed, listed } from "../inbox/wire.ts";
import { percent } from "../inbox/words.ts";
import { intents } from "./intents.ts";
import type { Reviewing } from "./reviewing.ts";
import type { Intent, Turn } from "./wire.ts";

interface Props {
  reviewing: Reviewing;
  turn: Turn;
  onClose: () => void;
}

/** The bot's fallback is not something a customer means. */
const NOT_MEANT = "nlu_fallback";

export function CorrectIntent({ reviewing, turn, onClose }: Props) {
  const [words, setWords] = useState("");
  const choose = async ({ id }: Option) => {
    if (await reviewing.judge(turn, { intent: id }, `Corrected: ${id}.`)) onClose();
  };
  return (
    <Dialog title="What was meant?" onClose={onClose} size="medium">
      <blockquote class="correct-words">{turn.text}</blockquote>
      <Combobox
        label="Intent"
        hint="The likeliest ones first. Type to search all of them by name or description; Enter takes the chosen one."
        options={optionsOf(turn, intents.value, words)}
        onSearch={setWords}
        onChoose={(option) => void choose(option)}
        none="No intent has these words."
      />
    </Dialog>
  );
}

function optionsOf(turn: Turn, intents: readonly Intent[], words: string): Option[] {
  const ranking = turn.knew?.ranking.filter((one) => one.name !== NOT_MEANT) ?? [];
  const ranked = ranking.map((one) => ({
    id: one.name,
    label: one.name,
    group: "What the bot thought of",
    about: (
      <>
        <Bar share={one.confidence} />
        <span class="figures">{percent(one.confidence)}</span>
      </>
    ),
  }));
  const others = intents
    .filter((one) => one.name !== NOT_MEANT && !ranking.some((known) => known.name === one.name))
    .map((one) => ({ id: one.name, label: one.name, group: "All intents", about: one.description ?? `${one.examples} examples` }));
  return words.trim() ? [...narrowed(ranked, words), ...narrowed(others, words)] : [...ranked, ...others];
}

interface EntryFound {
  id: string;
  title: string;
  category?: string | null;
}

/** Which knowledge entry should have been told. */
export function ChooseEntry({ reviewing, turn, onClose }: Props) {
  const [words, setWords] = useState("");
  const [found] = useLoaded((signal) => api.get<Listed<EntryFound>>("/knowledge", { q: words.trim() || turn.text.slice(0, 200), limit: 20 }, signal).then(listed), words.trim());
  const options = (found.value ?? []).map((one) => ({ id: one.id, label: one.title, about: one.category ?? one.id }));
  // Who may not search the knowledge can still write an entry's id.
  const typed = words.trim();
  if (found.state === "failed" && typed) options.push({ id: typed, label: typed, about: "as it is written" });
  const choose = async ({ id, label }: Option) => {
    if (await reviewing.judge(turn, { should_have_been: id }, `Should have been answered by ${label}.`)) onClose();
  };
  return (
    <Dialog title="Which entry should have answered?" onClose={onClose} size="medium">
      <blockquote class="correct-words">{turn.text}</blockquote>
      <Combobox
        label="Knowledge entry"
        hint={found.state === "failed" ? "The knowledge cannot be searched from here. Write the entry’s id." : "Type to search titles and questions."}
        options={options}
        onSearch={setWords}
        onChoose={(option) => void choose(option)}
        none={found.state === "loading" ? "Searching…" : "No entry fits."}
      />
    </Dialog>
  );
}
