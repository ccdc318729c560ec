/** Changing an approved answer's last day, and asking before it is withdrawn. */

import { useState } from "preact/hooks";
import { useBusy } from "../../parts/busy.ts";
import { Dialog } from "../../parts/dialog.tsx";
import { Field } from "../../parts/field.tsx";
import { fieldDay } from "../inbox/words.ts";
import type { Approval } from "./wire.ts";

interface UntilProps {
  approval: Approval;
  /** An empty day: without end. */
  onSave: (day: string) => Promise<unknown>;
  onClose: () => void;
}

export function Until({ approval, onSave, onClose }: UntilProps) {
  const [day, setDay] = useState(approval.valid_until ? fieldDay(new Date(Date.parse(approval.valid_until) - 1)) : "");
  const [save, busy] = useBusy(() => onSave(day));
  return (
    <Dialog title="Told until" onClose={onClose}>
      <form
        class="form"
        onSubmit={(event) => {
          event.preventDefault();
          save();
        }}
      >
        <p>
          <strong>{approval.question}</strong>
        </p>
        <Field label="Last day" hint="The last day on which the bot says so; empty: without end.">
          <input type="date" min={fieldDay(new Date())} value={day} onInput={(event: { currentTarget: HTMLInputElement }) => setDay(event.currentTarget.value)} />
        </Field>
        <div class="form-end">
          <button type="button" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" class="primary" aria-disabled={busy}>
            Save
          </button>
        </div>
      </form>
    </Dialog>
  );
}

interface WithdrawProps {
  approval: Approval;
  onWithdraw: () => Promise<unknown>;
  onClose: () => void;
}

export function Withdraw({ approval, onWithdraw, onClose }: WithdrawProps) {
  const [withdraw, busy] = useBusy(onWithdraw);
  return (
    <Dialog title="Withdraw this answer?" onClose={onClose}>
      <p>
        <strong>{approval.question}</strong>
      </p>
      <p class="approved-words">{approval.answer}</p>
      <p>The bot does not say it any more, from the next question on. If an older answer to this question is in use, the bot says that one again. What was withdrawn can still be read here.</p>
      <div class="form-end">
        <button type="button" onClick={onClose} data-first-focus>
          Keep
        </button>
        <button type="button" class="danger" aria-disabled={busy} onClick={withdraw}>
          Withdraw
        </button>
      </div>
    </Dialog>
  );
}
