/** What a reviewer is asked for: a comment, tags, and the conversation as a scenario. */

import { useState } from "preact/hooks";
import { Dialog } from "../../parts/dialog.tsx";
import { copy, download } from "../../parts/download.ts";
import { Field } from "../../parts/field.tsx";
import { Icon } from "../../parts/icon.tsx";
import { useLoaded } from "../../parts/loaded.ts";
import { Failed, Loading } from "../../parts/state.tsx";
import { splitTags } from "../inbox/tags_form.tsx";
import { useTyped } from "./judging.tsx";
import type { Reviewing } from "./reviewing.ts";
import type { Turn } from "./wire.ts";

interface Props {
  reviewing: Reviewing;
  onClose: () => void;
}

export function CommentDialog({ reviewing, turn, onClose }: Props & { turn: Turn | null }) {
  const [text, typed] = useTyped();
  const save = async (event: Event) => {
    event.preventDefault();
    if (text.trim() && (await reviewing.comment(turn, text.trim()))) onClose();
  };
  return (
    <Dialog title={turn ? `Comment on message ${turn.index + 1}` : "Comment on the conversation"} onClose={onClose}>
      <form class="form" onSubmit={save}>
        <Field label="Comment" hint="Colleagues who review see it, customers never do.">
          <textarea
            required
            rows={4}
            maxLength={4000}
            {...typed}
            onKeyDown={(event: KeyboardEvent) => {
              if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) void save(event);
            }}
          />
        </Field>
        <div class="form-end">
          <button type="submit" class="primary">
            Keep
          </button>
        </div>
      </form>
    </Dialog>
  );
}

export function TagsDialog({ reviewing, onClose }: Props) {
  const [tags, setTags] = useState<readonly string[]>(reviewing.review.value?.row.tags ?? []);
  const [text, typed] = useTyped();
  const save = async (event: Event) => {
    event.preventDefault();
    const wanted = [...new Set([...tags, ...splitTags(text)])];
    if (await reviewing.change({ tags: wanted }, "Tags kept.")) onClose();
  };
  return (
    <Dialog title="Tags" onClose={onClose}>
      <form class="form" onSubmit={save}>
        <Field label="Add" hint="Separate several with commas.">
          <input maxLength={200} {...typed} />
        </Field>
        {tags.length > 0 && (
          <ul class="tag-list" aria-label="Tags">
            {tags.map((tag) => (
              <li class="badge" key={tag}>
                {tag}
                <button type="button" class="tag-remove" aria-label={`Remove ${tag}`} onClick={() => setTags(tags.filter((one) => one !== tag))}>
                  <Icon name="close" />
                </button>
              </li>
            ))}
          </ul>
        )}
        <div class="form-end">
          <button type="submit" class="primary">
            Save
          </button>
        </div>
      </form>
    </Dialog>
  );
}

export function ScenarioDialog({ reviewing, onClose }: Props) {
  const [loaded, again] = useLoaded((signal) => reviewing.scenario(signal), reviewing.id);
  const yaml = loaded.value?.yaml;
  const name = `${reviewing.id.replace(/[^\w-]+/g, "_").slice(0, 60)}.yml`;
  return (
    <Dialog title="As a scenario" onClose={onClose} size="wide">
      <p class="muted">The conversation runner plays this against the bot. Personal data is masked; put the file below tests/conversations.</p>
      {loaded.state === "failed" && <Failed error={loaded.error} again={again} />}
      {loaded.state === "loading" && <Loading />}
      {yaml !== undefined && (
        <>
          <pre class="code-block" tabIndex={0} data-first-focus aria-label="Scenario">
            {yaml}
          </pre>
          <div class="form-end">
            <button type="button" onClick={() => void copy(yaml)}>
              <Icon name="copy" />
              Copy
            </button>
            <button type="button" class="primary" onClick={() => download(name, yaml, "application/yaml")}>
              <Icon name="download" />
              Download
            </button>
          </div>
        </>
      )}
    </Dialog>
  );
}
