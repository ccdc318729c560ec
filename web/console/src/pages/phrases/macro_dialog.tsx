/** Writing a macro: its steps in order, moved and removed by buttons. */

import { useState } from "preact/hooks";
import { Dialog } from "../../parts/dialog.tsx";
import { Field } from "../../parts/field.tsx";
import { Icon } from "../../parts/icon.tsx";
import { announce } from "../../shell/messages.ts";
import type { Macro } from "../inbox/wire.ts";
import { emptyStep, isKind, KINDS, type Kind, type Step } from "./steps.ts";

interface Props {
  macro: Macro | null;
  onSave: (macro: Omit<Macro, "id">, id: string | null) => Promise<void>;
  onRemove: (id: string) => Promise<void>;
  onClose: () => void;
}

/** A key of its own lets a step keep its fields while it moves. */
interface Keyed extends Step {
  key: number;
}

const MOST_STEPS = 20;
let keys = 0;
const keyed = (step: Step): Keyed => ({ ...step, key: ++keys });

export function EditMacro({ macro, onSave, onRemove, onClose }: Props) {
  const [title, setTitle] = useState(macro?.title ?? "");
  const [steps, setSteps] = useState<readonly Keyed[]>(() => (macro?.actions ?? [emptyStep("reply")]).map(keyed));
  const change = (key: number, step: Step) => setSteps(steps.map((one) => (one.key === key ? { ...step, key } : one)));
  const move = (from: number, by: -1 | 1) => {
    const next = [...steps];
    const [taken] = next.splice(from, 1);
    if (!taken) return;
    next.splice(from + by, 0, taken);
    setSteps(next);
    announce(`Step ${from + 1} is step ${from + by + 1} now.`);
  };
  const away = steps.slice(0, -1).findIndex((one) => isKind(one.kind) && KINDS[one.kind].last);
  const save = (event: Event) => {
    event.preventDefault();
    if (away < 0) void onSave({ title: title.trim(), actions: steps.map(({ kind, value }) => ({ kind, value: value.trim() })) }, macro?.id ?? null);
  };
  return (
    <Dialog title={macro ? "Change the macro" : "New macro"} onClose={onClose} size="medium">
      <form class="form" onSubmit={save}>
        <Field label="Title">
          <input required maxLength={200} value={title} onInput={(event) => setTitle(event.currentTarget.value)} />
        </Field>
        <ol class="macro-steps" aria-label="Steps">
          {steps.map((step, place) => (
            <li key={step.key}>
              <StepFields step={step} place={place} onChange={(next) => change(step.key, next)} />
              <div class="macro-step-tools">
                <button type="button" class="icon-only quiet" aria-label={`Step ${place + 1} earlier`} disabled={place === 0} onClick={() => move(place, -1)}>
                  <Icon name="up" />
                </button>
                <button type="button" class="icon-only quiet" aria-label={`Step ${place + 1} later`} disabled={place === steps.length - 1} onClick={() => move(place, 1)}>
                  <Icon name="down" />
                </button>
                <button type="button" class="icon-only quiet" aria-label={`Remove step ${place + 1}`} disabled={steps.length === 1} onClick={() => setSteps(steps.filter((one) => one !== step))}>
                  <Icon name="close" />
                </button>
              </div>
            </li>
          ))}
        </ol>
        {away >= 0 && (
          <p class="notice bad" role="alert">
            Step {away + 1} puts the conversation away: it must be the last one.
          </p>
        )}
        <div class="form-end">
          <button type="button" class="macro-add" disabled={steps.length >= MOST_STEPS} onClick={() => setSteps([...steps, keyed(emptyStep("tag"))])}>
            Add a step
          </button>
          {macro && (
            <button type="button" class="danger" onClick={() => void onRemove(macro.id)}>
              Delete
            </button>
          )}
          <button type="submit" class="primary" disabled={away >= 0}>
            Save
          </button>
        </div>
      </form>
    </Dialog>
  );
}

function StepFields({ step, place, onChange }: { step: Step; place: number; onChange: (step: Step) => void }) {
  const kind: Kind = isKind(step.kind) ? step.kind : "tag";
  const about = KINDS[kind];
  const set = (value: string) => onChange({ ...step, value });
  return (
    <div class="macro-step">
      <Field label={`Step ${place + 1}`}>
        <select value={kind} onChange={(event) => onChange(emptyStep(event.currentTarget.value as Kind))}>
          {Object.entries(KINDS).map(([name, one]) => (
            <option key={name} value={name}>
              {one.title}
            </option>
          ))}
        </select>
      </Field>
      <Field label={about.value} hint={about.long ? "Filled in: {{customer.name}}, {{agent.name}}, {{order.number}}." : undefined}>
        {about.choices ? (
          <select value={step.value} onChange={(event) => set(event.currentTarget.value)}>
            {Object.entries(about.choices).map(([name, words]) => (
              <option key={name} value={name}>
                {words}
              </option>
            ))}
          </select>
        ) : about.long ? (
          <textarea required rows={3} maxLength={4000} value={step.value} onInput={(event) => set(event.currentTarget.value)} />
        ) : kind === "snooze" ? (
          <input type="number" required min={1} max={720} value={step.value} onInput={(event) => set(event.currentTarget.value)} />
        ) : (
          <input required maxLength={64} value={step.value} onInput={(event) => set(event.currentTarget.value)} />
        )}
      </Field>
    </div>
  );
}
