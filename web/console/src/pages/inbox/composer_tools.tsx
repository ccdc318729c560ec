/** Small helps for writing: Markdown marks, files, canned replies, suggestions, translation. */

import { useRef } from "preact/hooks";
import { Icon } from "../../parts/icon.tsx";
import { setFieldText } from "./field_text.ts";
import type { Room } from "./room.ts";
import { TranslateReply } from "./translation.tsx";

interface Props {
  room: Room;
  field: { current: HTMLTextAreaElement | null };
  write: (text: string) => void;
  preview: boolean;
  onPreview: () => void;
  onSuggest: () => void;
  onFiles: (files: FileList | null) => void;
  onCanned: () => void;
}

export function ComposerTools({ room, field, write, preview, onPreview, onSuggest, onFiles, onCanned }: Props) {
  const file = useRef<HTMLInputElement>(null);
  const isReply = room.draft.value.mode === "reply";
  const mark = (before: string, after: string) => () => surround(field.current, write, before, after);
  return (
    <div class="composer-tools" role="group" aria-label="Writing helps">
      <button type="button" class="icon-only quiet" aria-label="Bold" title="Bold" disabled={preview} onClick={mark("**", "**")}>
        <b aria-hidden="true">B</b>
      </button>
      <button type="button" class="icon-only quiet composer-italic" aria-label="Italic" title="Italic" disabled={preview} onClick={mark("_", "_")}>
        <i aria-hidden="true">I</i>
      </button>
      <button type="button" class="icon-only quiet" aria-label="Link" title="Link" disabled={preview} onClick={mark("[", "](https://)")}>
        <Icon name="link" />
      </button>
      <button type="button" class="icon-only quiet" aria-label="Preview" title="Preview" aria-pressed={preview} onClick={onPreview}>
        <Icon name="eye" />
      </button>
      <span class="composer-tools-line" aria-hidden="true" />
      <button type="button" class="icon-only quiet" aria-label="Canned replies" title="Canned replies (/)" disabled={preview} onClick={onCanned}>
        <Icon name="bolt" />
      </button>
      {isReply && (
        <>
          <button type="button" class="icon-only quiet" aria-label="Attach a file" title="Attach a file" onClick={() => file.current?.click()}>
            <Icon name="attach" />
          </button>
          <input
            ref={file}
            type="file"
            multiple
            hidden
            aria-label="Files"
            onChange={(event) => {
              onFiles(event.currentTarget.files);
              event.currentTarget.value = "";
            }}
          />
          <button type="button" class="quiet" aria-label="Suggest an answer" title="Suggest an answer" onClick={onSuggest}>
            <Icon name="spark" />
            <span class="wide-only">Suggest</span>
          </button>
          <TranslateReply room={room} write={write} />
        </>
      )}
    </div>
  );
}

function surround(field: HTMLTextAreaElement | null, write: (text: string) => void, before: string, after: string): void {
  if (!field) return;
  const { selectionStart: from, selectionEnd: to, value } = field;
  const text = value.slice(0, from) + before + value.slice(from, to) + after + value.slice(to);
  setFieldText(field, text, from + before.length, to + before.length, write);
}
