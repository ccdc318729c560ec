/** The things named in a message: taken away, or added by their words. */

import { useState } from "preact/hooks";
import { api } from "../../api/index.ts";
import { Dialog } from "../../parts/dialog.tsx";
import { Field } from "../../parts/field.tsx";
import { Icon } from "../../parts/icon.tsx";
import { useLoaded } from "../../parts/loaded.ts";
import { type Listed, listed } from "../inbox/wire.ts";
import type { Reviewing } from "./reviewing.ts";
import { placed, placeOf, wordsAt } from "./spans.ts";
import type { Turn } from "./wire.ts";

interface Props {
  reviewing: Reviewing;
  turn: Turn;
  onClose: () => void;
}

export function CorrectEntities({ reviewing, turn, onClose }: Props) {
  const [spans, setSpans] = useState(() => placed(turn.text, turn.corrected?.entities ?? turn.knew?.entities ?? []));
  const [words, setWords] = useState("");
  const [entity, setEntity] = useState("");
  const [known] = useLoaded((signal) => api.get<Listed<string>>("/reviews/entities", {}, signal).then(listed), "entities");
  const names = known.value ?? [];
  const place = placeOf(turn.text, words, spans);
  const kind = entity || names[0] || "";
  const add = () => {
    if (!place || !kind) return;
    setSpans([...spans, { entity: kind, value: wordsAt(turn.text, place.start, place.end), ...place }].sort((a, b) => a.start - b.start));
    setWords("");
  };
  const save = async (event: Event) => {
    event.preventDefault();
    const entities = spans.map(({ entity: name, value, start, end }) => ({ entity: name, value, start, end }));
    if (await reviewing.judge(turn, { entities }, "Entities corrected.")) onClose();
  };
  const takeSelection = () => {
    const marked = document.getSelection()?.toString().trim();
    if (marked && turn.text.includes(marked)) setWords(marked);
  };
  return (
    <Dialog title="What is named in it?" onClose={onClose} size="medium">
      <form class="form" onSubmit={save}>
        <blockquote class="correct-words" onMouseUp={takeSelection}>
          {turn.text}
        </blockquote>
        <ul class="spans" aria-label="Entities">
          {spans.map((one) => (
            <li key={`${one.entity} ${one.start}`}>
              <span class="badge accent">{one.entity}</span> <span>{one.value}</span>
              <button type="button" class="icon-only quiet" aria-label={`Take away ${one.entity} ${one.value}`} onClick={() => setSpans(spans.filter((other) => other !== one))}>
                <Icon name="close" />
              </button>
            </li>
          ))}
          {spans.length === 0 && <li class="muted">Nothing.</li>}
        </ul>
        <div class="spans-add">
          <Field label="Words of the message" hint="Type them, or mark them above with the mouse." error={words.trim() && !place ? "These words are not in the message (any more)." : null}>
            <input value={words} maxLength={500} onInput={(event: { currentTarget: HTMLInputElement }) => setWords(event.currentTarget.value)} onKeyDown={(event: KeyboardEvent) => {
              if (event.key !== "Enter" || !words.trim()) return;
              event.preventDefault();
              add();
            }} />
          </Field>
          <Field label="Entity">
            <select value={kind} onChange={(event: { currentTarget: HTMLSelectElement }) => setEntity(event.currentTarget.value)}>
              {names.map((name) => (
                <option key={name}>{name}</option>
              ))}
            </select>
          </Field>
          <button type="button" onClick={add} disabled={!place || !kind}>
            Add
          </button>
        </div>
        <div class="form-end">
          <button type="submit" class="primary">
            Save
          </button>
        </div>
      </form>
    </Dialog>
  );
}
