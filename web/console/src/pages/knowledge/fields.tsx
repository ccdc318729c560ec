import { api } from "../../api/index.ts";
import { Field } from "../../parts/field.tsx";
import { useLoaded } from "../../parts/loaded.ts";
import { AUDIENCES, type Form } from "./words.ts";
import type { Audience, EntryList } from "./wire.ts";

type Typed = { currentTarget: HTMLInputElement };

const CATEGORIES = "knowledge-categories";

export function EntryFields({ form, onChange }: { form: Form; onChange: (part: Partial<Form>) => void }) {
  return (
    <>
      <Field label="Title">
        <input required maxLength={300} value={form.title} onInput={(event: Typed) => onChange({ title: event.currentTarget.value })} />
      </Field>
      <Field label="Questions it answers" hint="One a line, as customers put them. The more wordings, the better it is found.">
        <textarea rows={5} value={form.questions} onInput={(event: { currentTarget: HTMLTextAreaElement }) => onChange({ questions: event.currentTarget.value })} />
      </Field>
      <Field label="Answer" hint="Markdown: **bold**, lists, links. The bot tells it word for word.">
        <textarea required rows={11} maxLength={20_000} value={form.answer} onInput={(event: { currentTarget: HTMLTextAreaElement }) => onChange({ answer: event.currentTarget.value })} />
      </Field>
      <Categories />
      <div class="knowledge-pairs">
        <Field label="Category" {...(form.category.trim() ? {} : { hint: "Choose one, or write a new one." })}>
          <input required maxLength={300} list={CATEGORIES} value={form.category} onInput={(event: Typed) => onChange({ category: event.currentTarget.value })} />
        </Field>
        <Field label="Products" hint="Numbers, with commas; empty: all.">
          <input maxLength={300} value={form.product} onInput={(event: Typed) => onChange({ product: event.currentTarget.value })} />
        </Field>
        <Field label="Who may be told">
          <select value={form.audience} onChange={(event: { currentTarget: HTMLSelectElement }) => onChange({ audience: event.currentTarget.value as Audience })}>
            {Object.entries(AUDIENCES).map(([id, words]) => (
              <option key={id} value={id}>
                {words}
              </option>
            ))}
          </select>
        </Field>
        <Field label="Language" hint="A code such as en or de.">
          <input required maxLength={35} pattern="[A-Za-z]{2,3}(-[A-Za-z0-9]+)*" value={form.locale} onInput={(event: Typed) => onChange({ locale: event.currentTarget.value })} />
        </Field>
        <Field label="Valid from" hint="Empty: at once.">
          <input type="date" value={form.valid_from} onInput={(event: Typed) => onChange({ valid_from: event.currentTarget.value })} />
        </Field>
        <Field label="Valid until" hint="The last day; empty: without end." error={form.valid_from && form.valid_until && form.valid_until < form.valid_from ? "This is before it begins." : null}>
          <input type="date" value={form.valid_until} onInput={(event: Typed) => onChange({ valid_until: event.currentTarget.value })} />
        </Field>
      </div>
    </>
  );
}

/** Those in use, to choose from; without them the field is written by hand. */
function Categories() {
  const [loaded] = useLoaded((signal) => api.get<EntryList>("/knowledge", { limit: 1 }, signal), "");
  return (
    <datalist id={CATEGORIES}>
      {(loaded.value?.categories ?? []).map((one) => (
        <option key={one} value={one} />
      ))}
    </datalist>
  );
}
