import { useState } from "preact/hooks";
import { Field } from "../../parts/field.tsx";
import { Icon } from "../../parts/icon.tsx";
import { ActForm } from "./act_dialogs.tsx";
import { changeTags } from "./acts.ts";
import { type Conversation, conversations } from "./conversations.ts";

/** Words separated by commas become tags; what is there already can be offered again. */
export function TagsForm({ conversation, onDone }: { conversation: Conversation; onDone: () => void }) {
  const [kept, setKept] = useState<readonly string[]>(conversation.tags);
  const [typed, setTyped] = useState("");
  const added = splitTags(typed);
  const known = [...new Set([...conversations.value.values()].flatMap((one) => one.tags))].filter((one) => !kept.includes(one)).sort();
  const save = () => {
    const wanted = [...kept, ...added];
    const add = wanted.filter((tag) => !conversation.tags.includes(tag));
    const remove = conversation.tags.filter((tag) => !wanted.includes(tag));
    return add.length || remove.length ? changeTags(conversation.id, add, remove) : Promise.resolve(true);
  };
  return (
    <ActForm label="Save" run={save} onDone={onDone}>
      <Field label="Add" hint="Separate several with commas.">
        <input list="known-tags" maxLength={200} value={typed} onInput={(event) => setTyped(event.currentTarget.value)} />
      </Field>
      <datalist id="known-tags">
        {known.map((tag) => (
          <option key={tag} value={tag} />
        ))}
      </datalist>
      {kept.length > 0 && (
        <ul class="tag-list" aria-label="Tags">
          {kept.map((tag) => (
            <li class="badge" key={tag}>
              {tag}
              <button type="button" class="tag-remove" aria-label={`Remove ${tag}`} onClick={() => setKept(kept.filter((one) => one !== tag))}>
                <Icon name="close" />
              </button>
            </li>
          ))}
        </ul>
      )}
    </ActForm>
  );
}

export function splitTags(typed: string): string[] {
  return [...new Set(typed.split(",").map((tag) => tag.trim().toLowerCase().replace(/\s+/g, "-").slice(0, 40)).filter(Boolean))];
}
