/** The bot asks a colleague: a card a question. The answer goes to the customer through the bot. */

import { useState } from "preact/hooks";
import { Link } from "wouter-preact";
import { isType, sentence } from "../../api/errors.ts";
import { api, may } from "../../api/index.ts";
import { Field } from "../../parts/field.tsx";
import { useLoaded } from "../../parts/loaded.ts";
import { Empty, Failed, Loading } from "../../parts/state.tsx";
import { toast } from "../../shell/messages.ts";
import { Page } from "../../shell/page.tsx";
import { openQuestions } from "./queues.tsx";
import { type Listed, listed, type Question } from "./wire.ts";
import { endOfDay, fieldDay, minuteClock, momentOf } from "./words.ts";

export function QuestionsPage() {
  const [loaded, again] = useLoaded(async (signal) => {
    const all = listed(await api.get<Listed<Question>>("/questions", {}, signal));
    openQuestions.value = all.filter((one) => one.answer === null).length;
    return all;
  }, "questions");
  const open = (loaded.value ?? []).filter((one) => one.answer === null);
  const answered = (loaded.value ?? []).filter((one) => one.answer !== null);
  return (
    <Page title="Bot’s questions" about="The bot asks when it has no answer. What you write goes to the customer through the bot.">
      {loaded.state === "failed" && <Failed error={loaded.error} again={again} />}
      {loaded.state === "loading" && !loaded.value && <Loading />}
      {loaded.value && !open.length && <Empty icon="question" title="No open questions" />}
      <div class="questions">
        {open.map((one) => (
          <QuestionCard key={one.id} question={one} onDone={again} />
        ))}
      </div>
      {answered.length > 0 && (
        <section class="questions" aria-label="Answered">
          <h2>Answered</h2>
          {answered.map((one) => (
            <article class="card question" key={one.id}>
              <p>
                <strong>{one.question}</strong>
              </p>
              <p>{one.answer}</p>
              <p class="muted small">{one.answered_by}</p>
            </article>
          ))}
        </section>
      )}
    </Page>
  );
}

function QuestionCard({ question, onDone }: { question: Question; onDone: () => void }) {
  const [text, setText] = useState("");
  const [approve, setApprove] = useState(false);
  const [until, setUntil] = useState("");
  const [busy, setBusy] = useState(false);
  const submit = async (event: Event) => {
    event.preventDefault();
    if (busy || !text.trim()) return;
    setBusy(true);
    try {
      await api.post(`/questions/${question.id}/answer`, { text: text.trim(), approve, ...(approve && until ? { valid_until: endOfDay(until) } : {}) });
      toast(approve ? "Sent to the customer, and kept as an approved answer." : "Sent to the customer.", "good");
      onDone();
    } catch (error) {
      toast(sentence(error), "bad");
      // A colleague was first: their answer is shown instead.
      if (isType(error, "stale_version")) onDone();
    } finally {
      setBusy(false);
    }
  };
  return (
    <form class="card question form" onSubmit={submit} aria-label={question.question}>
      <p class="question-words">{question.question}</p>
      <p class="muted small">
        Asked {momentOf(question.asked_at, minuteClock.value)} · <Link href={`/inbox/all/${question.conversation_id}`}>See the conversation</Link>
      </p>
      <Field label="Answer">
        <textarea rows={3} maxLength={4000} required value={text} onInput={(event) => setText(event.currentTarget.value)} />
      </Field>
      {approve && (
        <Field label="Until" aside="optional" hint="The last day on which the bot says so.">
          <input type="date" min={fieldDay(new Date())} value={until} onInput={(event) => setUntil(event.currentTarget.value)} />
        </Field>
      )}
      <div class="form-end">
        {may("knowledge", "assign") && (
          <label class="choice question-approve">
            <input type="checkbox" checked={approve} onChange={(event) => setApprove(event.currentTarget.checked)} />
            Answer this question so from now on
          </label>
        )}
        <button type="submit" class="primary" aria-disabled={busy}>
          {busy ? "Sending…" : "Send"}
        </button>
      </div>
    </form>
  );
}
