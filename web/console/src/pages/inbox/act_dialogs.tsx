/** The dialogs behind the keys: each has its answer ready, so that Enter is enough in the usual case. */

import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Dialog } from "../../parts/dialog.tsx";
import { Field } from "../../parts/field.tsx";
import { useLoaded } from "../../parts/loaded.ts";
import { api, me } from "../../api/index.ts";
import type { Colleague } from "../../api/account.ts";
import { opener } from "./alerts.ts";
import { giveBack, makeTicket, merge, resolve, snooze, transfer } from "./acts.ts";
import { type Conversation, nameOf } from "./conversations.ts";
import { loadTeams, teams } from "./queues.tsx";
import { snoozeChoices } from "./snooze.ts";
import { TagsForm } from "./tags_form.tsx";
import { type InboxAnswer, type Listed, listed, type Reason } from "./wire.ts";
import { minuteClock, momentOf, OUTCOMES, ownerWords } from "./words.ts";

export type ActName = "resolve" | "snooze" | "return" | "transfer" | "tags" | "ticket" | "merge";

interface Props {
  conversation: Conversation;
  onClose: () => void;
  /** It was done. */
  onDone: () => void;
}

const TITLES: Record<ActName, string> = {
  resolve: "Resolve",
  snooze: "Snooze until",
  return: "Hand back to the bot",
  transfer: "Give to",
  tags: "Tags",
  ticket: "Make a ticket",
  merge: "Merge into another conversation",
};
const FORMS: Record<ActName, (props: Props) => ComponentChildren> = {
  resolve: ResolveForm,
  snooze: SnoozeForm,
  return: ReturnForm,
  transfer: TransferForm,
  tags: TagsForm,
  ticket: TicketForm,
  merge: MergeForm,
};

export function ActDialog({ act, ...props }: Props & { act: ActName }) {
  const Form = FORMS[act] as (props: Props) => preact.VNode;
  return (
    <Dialog title={TITLES[act]} onClose={props.onClose}>
      <Form {...props} />
    </Dialog>
  );
}

/** A form whose button is busy while it is done, and which closes when it was. */
export function ActForm({ label, danger, run, onDone, children }: { label: string; danger?: boolean; run: () => Promise<boolean>; onDone: () => void; children: ComponentChildren }) {
  const [busy, setBusy] = useState(false);
  const submit = async (event?: Event) => {
    event?.preventDefault();
    if (busy) return;
    setBusy(true);
    if (await run()) onDone();
    else setBusy(false);
  };
  return (
    <form class="form" onSubmit={submit} onKeyDown={(event) => event.key === "Enter" && (event.ctrlKey || event.metaKey) && void submit(event)}>
      {children}
      <div class="form-end">
        <button type="submit" class={danger ? "danger" : "primary"} aria-disabled={busy}>
          {busy ? "One moment…" : label}
        </button>
      </div>
    </form>
  );
}

function ResolveForm({ conversation, onDone }: Props) {
  const [reason, setReason] = useState<Reason>("solved");
  const [comment, setComment] = useState("");
  return (
    <ActForm label="Resolve" run={() => resolve(conversation.id, reason, comment.trim())} onDone={onDone}>
      <fieldset class="choices">
        <legend class="for-readers">Reason</legend>
        {(Object.entries(OUTCOMES) as [Reason, string][]).map(([id, words]) => (
          <label class="choice" key={id}>
            <input type="radio" name="reason" value={id} checked={reason === id} onChange={() => setReason(id)} />
            {words}
          </label>
        ))}
      </fieldset>
      <Field label="Comment" aside="optional">
        <textarea rows={2} maxLength={500} value={comment} onInput={(event) => setComment(event.currentTarget.value)} />
      </Field>
    </ActForm>
  );
}

function SnoozeForm({ conversation, onDone }: Props) {
  const choices = snoozeChoices(new Date());
  const [own, setOwn] = useState("");
  const until = (at: Date) => snooze(conversation.id, at, momentOf(at.toISOString(), Date.now()));
  return (
    <>
      <div class="snooze-choices">
        {choices.map(({ words, at }, index) => (
          <button type="button" key={words} {...(index === 0 ? { "data-first-focus": true } : {})} onClick={() => void until(at).then((done) => done && onDone())}>
            <span>{words}</span>
            <span class="muted">{momentOf(at.toISOString(), Date.now())}</span>
          </button>
        ))}
      </div>
      <ActForm label="Snooze" run={() => (own ? until(new Date(own)) : Promise.resolve(false))} onDone={onDone}>
        <Field label="Another moment" hint="It comes back at once when the customer writes.">
          <input type="datetime-local" required value={own} onInput={(event) => setOwn(event.currentTarget.value)} />
        </Field>
      </ActForm>
    </>
  );
}

function ReturnForm({ conversation, onDone }: Props) {
  const [note, setNote] = useState("");
  return (
    <ActForm label="Hand back" run={() => giveBack(conversation.id, note.trim())} onDone={onDone}>
      <Field label="Note on what was agreed" aside="optional" hint="For example: “The refund for 10046 is agreed, 49.00 EUR, it comes in three days.” Colleagues find it here as a private note. The bot’s fixed answers do not change with it; a language model that writes answers reads it. The customer does not see it.">
        <textarea rows={3} maxLength={1000} value={note} onInput={(event) => setNote(event.currentTarget.value)} />
      </Field>
    </ActForm>
  );
}

function TransferForm({ conversation, onDone }: Props) {
  const [colleagues] = useLoaded((signal) => api.get<Listed<Colleague>>("/accounts", {}, signal).then(listed), "accounts");
  useEffect(() => {
    void loadTeams();
  }, []);
  const [to, setTo] = useState("");
  const [note, setNote] = useState("");
  const others = (colleagues.value ?? []).filter((one) => one.id !== me.value?.account.id && one.roles.some((role) => role !== "editor" && role !== "developer"));
  const [kind, id] = [to.slice(0, to.indexOf(":")), to.slice(to.indexOf(":") + 1)];
  const words = kind === "team" ? (teams.value.find((one) => one.id === id)?.name ?? id) : (others.find((one) => one.id === id)?.name ?? "");
  return (
    <ActForm label="Give" run={() => transfer(conversation.id, kind === "team" ? { team: id } : { agent_id: id }, note.trim(), words)} onDone={onDone}>
      <Field label="Team or colleague" error={colleagues.state === "failed" ? "The colleagues could not be loaded." : null}>
        <select required value={to} onChange={(event) => setTo(event.currentTarget.value)}>
          <option value="">Choose…</option>
          <optgroup label="Teams">
            {teams.value.map((team) => (
              <option key={team.id} value={`team:${team.id}`}>
                {team.name} ({team.agents === 1 ? "1 person" : `${team.agents} people`} here)
              </option>
            ))}
          </optgroup>
          <optgroup label="Colleagues">
            {others.map((one) => (
              <option key={one.id} value={`agent:${one.id}`}>
                {one.name}
                {one.away ? " (away)" : ""}
              </option>
            ))}
          </optgroup>
        </select>
      </Field>
      <Field label="Note for them" aside="optional">
        <textarea rows={3} maxLength={1000} value={note} onInput={(event) => setNote(event.currentTarget.value)} />
      </Field>
    </ActForm>
  );
}

function TicketForm({ conversation, onDone }: Props) {
  const [subject, setSubject] = useState(conversation.title);
  const [team, setTeam] = useState(conversation.team ?? "");
  return (
    <ActForm label="Make the ticket" run={() => makeTicket(conversation.id, subject.trim(), team)} onDone={onDone}>
      <Field label="Subject">
        <input required maxLength={120} value={subject} onInput={(event) => setSubject(event.currentTarget.value)} />
      </Field>
      <Field label="Team" aside="optional">
        <select value={team} onChange={(event) => setTeam(event.currentTarget.value)}>
          <option value="">None</option>
          {teams.value.map((one) => (
            <option key={one.id} value={one.id}>
              {one.name}
            </option>
          ))}
        </select>
      </Field>
    </ActForm>
  );
}

function MergeForm({ conversation, onDone }: Props) {
  const [words, setWords] = useState(conversation.customer.name ?? conversation.customer.email ?? "");
  const [into, setInto] = useState("");
  const [found] = useLoaded((signal) => api.get<InboxAnswer>("/inbox", { queue: "all", q: words, limit: 20 }, signal), words);
  const others = (found.value?.items ?? []).filter((one) => one.id !== conversation.id);
  return (
    <ActForm
      label="Merge"
      run={() => (into ? merge(conversation.id, into) : Promise.resolve(false))}
      onDone={() => {
        onDone();
        opener.peek()(into);
      }}
    >
      <p class="muted">For a customer who wrote twice. This conversation ends, and what was said in it is found in the other.</p>
      <Field label="Find the other conversation">
        <input type="search" value={words} onInput={(event) => setWords(event.currentTarget.value)} />
      </Field>
      <fieldset class="choices">
        <legend class="for-readers">Merge into</legend>
        {others.map((one) => (
          <label class="choice" key={one.id}>
            <input type="radio" name="into" required checked={into === one.id} onChange={() => setInto(one.id)} />
            <span>
              <strong>{nameOf(one)}</strong>{" "}
              <span class="muted">
                {ownerWords(one, me.value?.account.id ?? "")} · <time dateTime={one.last?.at ?? one.updated_at}>{momentOf(one.last?.at ?? one.updated_at, minuteClock.value)}</time>
              </span>
              {one.title && <span class="choice-words cut">“{one.title}”</span>}
            </span>
          </label>
        ))}
        {found.state === "ready" && !others.length && <p class="muted">No other conversation fits.</p>}
      </fieldset>
    </ActForm>
  );
}
