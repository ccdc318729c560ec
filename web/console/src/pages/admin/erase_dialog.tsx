/** Asks twice before a customer's data is erased. */

import { useState } from "preact/hooks";
import { sentence } from "../../api/errors.ts";
import { api } from "../../api/index.ts";
import { Dialog } from "../../parts/dialog.tsx";
import { Field } from "../../parts/field.tsx";
import type { Erased } from "./wire.ts";

type Typed = { currentTarget: HTMLInputElement };

interface Props {
  asked: string;
  conversations: readonly string[];
  onErased: (done: Erased) => void;
  onClose: () => void;
}

export function Erase({ asked, conversations, onErased, onClose }: Props) {
  const [reason, setReason] = useState("");
  const [typed, setTyped] = useState("");
  const [error, setError] = useState("");
  const erase = async (event: Event) => {
    event.preventDefault();
    setError("");
    try {
      onErased(await api.post<Erased>("/customer-data/erase", { asked, conversations, reason: reason.trim() }));
    } catch (thrown) {
      setError(sentence(thrown));
    }
  };
  return (
    <Dialog title="Erase this customer’s data?" onClose={onClose}>
      <p>
        {conversations.length === 1 ? "The chosen conversation" : `The ${conversations.length} chosen conversations`}, with transcripts, notes and files, and what the customer begins meanwhile. It cannot be undone.
      </p>
      <form class="form" onSubmit={erase}>
        <Field label="Reason" hint="It stands in the audit log.">
          <input required minLength={3} maxLength={500} value={reason} onInput={(event: Typed) => setReason(event.currentTarget.value)} />
        </Field>
        <Field label={`Type what you searched for to confirm: ${asked}`}>
          <input required autocomplete="off" value={typed} onInput={(event: Typed) => setTyped(event.currentTarget.value)} />
        </Field>
        {error && (
          <p class="error" role="alert">
            {error}
          </p>
        )}
        <div class="form-end">
          <button type="button" onClick={onClose}>
            Keep
          </button>
          <button type="submit" class="danger" disabled={typed.trim() !== asked || reason.trim().length < 3}>
            Erase
          </button>
        </div>
      </form>
    </Dialog>
  );
}
