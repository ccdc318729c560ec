/** Files for a reply: sent to the server at once, part of the message when it is sent. */

import { useState } from "preact/hooks";
import { sentence } from "../../api/errors.ts";
import { api } from "../../api/index.ts";
import { Icon } from "../../parts/icon.tsx";
import { toast } from "../../shell/messages.ts";
import type { Room } from "./room.ts";
import type { Attachment } from "./wire.ts";
import { sizeOf } from "./words.ts";

const MOST = 10;

export interface UploadState {
  busy: boolean;
  add: (files: FileList | null | undefined) => void;
}

export function useUploads(room: Room): UploadState {
  const [running, setRunning] = useState(0);
  const add = (files: FileList | null | undefined) => {
    for (const file of [...(files ?? [])].slice(0, MOST - room.draft.peek().attachments.length)) {
      setRunning((before) => before + 1);
      upload(room, file)
        .catch((error: unknown) => toast(`${file.name}: ${sentence(error)}`, "bad"))
        .finally(() => setRunning((before) => before - 1));
    }
  };
  return { busy: running > 0, add };
}

async function upload(room: Room, file: File): Promise<void> {
  const body = new FormData();
  body.append("file", file);
  const kept = await api.post<Attachment>(`/conversations/${room.id}/attachments`, body);
  // Into the conversation it was dropped on, even if another one is shown by now.
  room.write({ attachments: [...room.draft.peek().attachments, kept] });
}

export function Uploads({ uploads, room }: { uploads: UploadState; room: Room }) {
  const files = room.draft.value.attachments;
  if (!files.length && !uploads.busy) return null;
  return (
    <ul class="uploads" aria-label="Files of this reply">
      {files.map((file) => (
        <li key={file.id}>
          <Icon name="attach" class="small" />
          <span class="cut">{file.name}</span>
          <span class="muted small">{sizeOf(file.size)}</span>
          <button type="button" class="icon-only quiet" aria-label={`Remove ${file.name}`} onClick={() => room.write({ attachments: files.filter((one) => one.id !== file.id) })}>
            <Icon name="close" class="small" />
          </button>
        </li>
      ))}
      {uploads.busy && (
        <li role="status" class="muted">
          Uploading…
        </li>
      )}
    </ul>
  );
}
