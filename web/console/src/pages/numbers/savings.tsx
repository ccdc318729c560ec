/** What the bot saved, by a formula whose parts can be changed. */

import { useEffect, useState } from "preact/hooks";
import { api, may } from "../../api/index.ts";
import { Field } from "../../parts/field.tsx";
import { useLoaded } from "../../parts/loaded.ts";
import { Failed, Loading } from "../../parts/state.tsx";
import { attempt } from "../../shell/attempt.ts";
import { spelled } from "../inbox/words.ts";
import { Part } from "./breakdowns.tsx";
import type { Savings } from "./wire.ts";
import { formulaWords, type Period, valueWords } from "./words.ts";

export function SavingsCard({ period }: { period: Period }) {
  const range = { from: period.from, to: period.to };
  const [loaded, again] = useLoaded((signal) => api.get<Savings>("/numbers/savings", range, signal), JSON.stringify(range));
  const [open, setOpen] = useState(false);
  const savings = loaded.value;
  return (
    <Part title="What the bot saved">
      {loaded.state === "failed" && <Failed error={loaded.error} again={again} />}
      {loaded.state === "loading" && !savings && <Loading />}
      {savings && (
        <>
          <p class="numbers-value figures">{valueWords(savings.saved, { unit: "money", currency: savings.currency })}</p>
          <p class="muted numbers-formula" title={savings.formula}>
            = {formulaWords(savings.formula)}
          </p>
          {may("numbers") && (
            <button type="button" class="link numbers-change" aria-expanded={open} onClick={() => setOpen(!open)}>
              Change the formula
            </button>
          )}
          {open && <Parameters savings={savings} onSaved={again} />}
        </>
      )}
    </Part>
  );
}

function Parameters({ savings, onSaved }: { savings: Savings; onSaved: () => void }) {
  const [typed, setTyped] = useState<Record<string, string>>({});
  const [formula, setFormula] = useState(savings.formula);
  useEffect(() => setFormula(savings.formula), [savings]);
  useEffect(() => setTyped(Object.fromEntries(Object.entries(savings.parameters).map(([name, value]) => [name, String(value)]))), [savings]);
  const save = async (event: Event) => {
    event.preventDefault();
    const parameters = Object.fromEntries(Object.entries(typed).map(([name, value]) => [name, Number(value)]));
    if (await attempt(() => api.put("/numbers/savings", { ...parameters, ...(formula === savings.formula ? {} : { formula: formula.trim() }) }), "Saved; it holds for everybody.")) onSaved();
  };
  return (
    <form class="form" onSubmit={save}>
      <Field label="Formula" hint="Arithmetic with the names that stand in it.">
        <input required maxLength={500} spellcheck={false} value={formula} onInput={(event: { currentTarget: HTMLInputElement }) => setFormula(event.currentTarget.value)} />
      </Field>
      <div class="numbers-parameters">
        {Object.entries(typed).map(([name, value]) => (
          <Field key={name} label={spelled(name)}>
            <input type="number" required min={0} step="any" value={value} onInput={(event: { currentTarget: HTMLInputElement }) => setTyped({ ...typed, [name]: event.currentTarget.value })} />
          </Field>
        ))}
      </div>
      <div class="form-end">
        <button type="submit">Save</button>
      </div>
    </form>
  );
}
