/** An entry: written at the left, seen as the customer will see it at the right, tried before it is saved. */

import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { Link, useLocation } from "wouter-preact";
import { isType, sentence } from "../../api/errors.ts";
import { api } from "../../api/index.ts";
import { Dialog } from "../../parts/dialog.tsx";
import { Icon } from "../../parts/icon.tsx";
import { useLoaded } from "../../parts/loaded.ts";
import { Markdown } from "../../parts/markdown.tsx";
import { Failed, Loading } from "../../parts/state.tsx";
import { attempt } from "../../shell/attempt.ts";
import { announce, toast } from "../../shell/messages.ts";
import { Page } from "../../shell/page.tsx";
import { useShortcuts } from "../../shell/shortcuts.ts";
import { minuteClock, momentOf } from "../inbox/words.ts";
import { EntryFields } from "./fields.tsx";
import { History } from "./history.tsx";
import { TryIt } from "./try.tsx";
import { type Entry, entryAddress, entryPath } from "./wire.ts";
import { bodyOf, EMPTY, type Form, formOf, STATE_KINDS, STATES } from "./words.ts";

export function NewEntry() {
  return <Write entry={null} onRestored={() => undefined} />;
}

export function Editor({ id }: { id: string }) {
  const [loaded, again] = useLoaded((signal) => api.get<Entry>(entryPath(id), {}, signal), id);
  const entry = loaded.value;
  if (loaded.state === "failed") {
    return (
      <Page title="Knowledge">
        <Failed error={loaded.error} again={again} />
      </Page>
    );
  }
  if (!entry) {
    return (
      <Page title="Knowledge">
        <Loading />
      </Page>
    );
  }
  return <Write key={entry.version} entry={entry} onRestored={again} />;
}

function Write({ entry: opened, onRestored }: { entry: Entry | null; onRestored: () => void }) {
  const [entry, setEntry] = useState(opened);
  const start = entry ? formOf(entry) : EMPTY;
  const [form, setForm] = useState<Form>(start);
  const [why, setWhy] = useState("");
  const [problem, setProblem] = useState<unknown>(null);
  const [open, setOpen] = useState<"history" | "delete" | null>(null);
  const [doing, setDoing] = useState<"Publishing" | "Saving" | null>(null);
  const saving = useRef(false);
  const element = useRef<HTMLFormElement>(null);
  const keepFocus = useFocusKept(doing !== null);
  const [, go] = useLocation();
  const changed = JSON.stringify(form) !== JSON.stringify(start);
  useUnsaved(changed);
  const isDraft = entry === null || entry.state === "draft";
  const save = async (state: "live" | "draft" | null, extra: Record<string, unknown> = {}) => {
    if (saving.current) return;
    saving.current = true;
    const doing = state === "live" ? "Publishing" : "Saving";
    setDoing(doing);
    setProblem(null);
    announce(`${doing}…`);
    keepFocus();
    const body = { ...bodyOf(form, entry ? start : null), ...(state ? { state } : {}), ...(why.trim() ? { why: why.trim() } : {}), ...extra };
    try {
      const saved = entry ? await api.put<Entry>(entryPath(entry.id), { ...body, version: entry.version }, { again: false }) : await api.post<Entry>("/knowledge", body);
      toast(state === "live" ? "Published; the bot knows it now." : "Saved.", "good");
      // A draft that goes live may get another id.
      if (saved.id !== entry?.id) go(entryAddress(saved.id), { replace: true });
      setEntry(saved);
      setForm(formOf(saved));
      setWhy("");
    } catch (error) {
      setProblem(error);
    }
    saving.current = false;
    setDoing(null);
  };
  const isDone = !changed && !isDraft;
  const label = isDraft ? "Publish" : "Save";
  useShortcuts("Entry", [{ keys: "Ctrl+s", label, run: () => element.current?.requestSubmit(), typing: true }]);
  const submit = (event: Event) => {
    event.preventDefault();
    if (!isDone) void save(isDraft ? "live" : null);
  };
  return (
    <Page title={entry ? entry.title || "Without a title" : "New entry"} about={<About entry={entry} />} actions={<Actions entry={entry} onOpen={setOpen} />}>
      <form ref={element} class="knowledge-editor" aria-busy={doing !== null} onSubmit={submit}>
        <div class="knowledge-fields card" inert={doing !== null}>
          <EntryFields form={form} onChange={(part) => setForm({ ...form, ...part })} />
        </div>
        <div class="knowledge-beside">
          <section class="card knowledge-preview" aria-labelledby="knowledge-preview">
            <h2 id="knowledge-preview">As the customer sees it</h2>
            {form.answer.trim() ? <Markdown text={form.answer} /> : <p class="muted">The answer appears here as you write.</p>}
          </section>
          <TryIt audience={form.audience} locale={form.locale} own={entry?.id ?? null} unsaved={changed || isDraft} />
        </div>
        <div class="knowledge-end">
          {problem !== null && <Problem error={problem} onAllow={() => void save(isDraft ? "live" : null, { allow_personal_data: true })} />}
          <label class="row knowledge-why">
            <span>Why</span>
            <input maxLength={200} placeholder="Optional; stands in the history" value={why} onInput={(event) => setWhy(event.currentTarget.value)} />
          </label>
          {isDraft && (
            <button type="button" aria-disabled={doing !== null} onClick={() => void save("draft")}>
              Save as draft
            </button>
          )}
          <button type="submit" class="primary" aria-disabled={isDone || doing !== null}>
            {doing ? `${doing}…` : label}
          </button>
        </div>
      </form>
      {open === "history" && entry && <History entry={entry} onRestored={onRestored} onClose={() => setOpen(null)} />}
      {open === "delete" && entry && <Delete entry={entry} onClose={() => setOpen(null)} />}
    </Page>
  );
}

function About({ entry }: { entry: Entry | null }) {
  if (!entry) return <>Published, it is told to customers at once.</>;
  return (
    <>
      <span class={`badge ${STATE_KINDS[entry.state] ?? ""}`}>{STATES[entry.state] ?? entry.state}</span>{" "}
      {entry.updated_at && `changed ${momentOf(entry.updated_at, minuteClock.value)}`}
      {entry.updated_by && ` by ${entry.updated_by}`}
    </>
  );
}

function Actions({ entry, onOpen }: { entry: Entry | null; onOpen: (open: "history" | "delete") => void }) {
  return (
    <>
      <Link href="/knowledge" class="button">
        <Icon name="back" />
        Entries
      </Link>
      {entry && (
        <>
          {entry.state !== "draft" && (
            <button type="button" onClick={() => onOpen("history")}>
              <Icon name="clock" />
              History
            </button>
          )}
          <button type="button" class="danger" onClick={() => onOpen("delete")}>
            Delete
          </button>
        </>
      )}
    </>
  );
}

function Problem({ error, onAllow }: { error: unknown; onAllow: () => void }) {
  const personal = isType(error, "personal_data") || sentence(error).includes("personal data");
  return (
    <div class="notice bad" role="alert">
      <p>{sentence(error)}</p>
      {isType(error, "stale_version") && <p>Copy your text, reload the page, and put it in again.</p>}
      {personal && (
        <button type="button" class="link" onClick={onAllow}>
          It is the company’s own: save it all the same
        </button>
      )}
    </div>
  );
}

function Delete({ entry, onClose }: { entry: Entry; onClose: () => void }) {
  const [, go] = useLocation();
  const remove = async () => {
    const done = await attempt(() => api.delete(entryPath(entry.id), undefined, { query: { version: entry.version } }), "Deleted.");
    if (done) go("/knowledge");
  };
  return (
    <Dialog title="Delete this entry?" onClose={onClose}>
      <p>The bot does not know “{entry.title}” any more. {entry.state !== "draft" && "Its history is kept."}</p>
      <div class="form-end">
        <button type="button" onClick={onClose} data-first-focus>
          Keep
        </button>
        <button type="button" class="danger" onClick={() => void remove()}>
          Delete
        </button>
      </div>
    </Dialog>
  );
}

/** The browser asks before a page with unsaved words is left. */
function useUnsaved(changed: boolean): void {
  useEffect(() => {
    if (!changed) return undefined;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", ask);
    return () => window.removeEventListener("beforeunload", ask);
  }, [changed]);
}

/** Fields that cannot be written in lose the focus: whoever wrote goes on where they were. */
function useFocusKept(inert: boolean): () => void {
  const had = useRef<Element | null>(null);
  useLayoutEffect(() => {
    if (!inert && document.activeElement === document.body && had.current instanceof HTMLElement) had.current.focus();
  }, [inert]);
  return () => {
    had.current = document.activeElement;
  };
}
