/** A question as a customer would put it, and what the bot would do with it. */

import { useState } from "preact/hooks";
import { Link } from "wouter-preact";
import { sentence } from "../../api/errors.ts";
import { api } from "../../api/index.ts";
import { announce } from "../../shell/messages.ts";
import { Page } from "../../shell/page.tsx";
import { Bar } from "../inbox/knew.tsx";
import { percent } from "../inbox/words.ts";
import { KnowledgeViews } from "./page.tsx";
import { type Audience, entryAddress, type Tried } from "./wire.ts";
import { AUDIENCES, WOULD } from "./words.ts";

interface Props {
  audience: Audience;
  locale: string;
  /** The entry that is being written, to be pointed out. */
  own: string | null;
  /** What is being written is not in the knowledge yet. */
  unsaved: boolean;
}

export function TryPage() {
  const [audience, setAudience] = useState<Audience>("public");
  return (
    <Page title="Knowledge" about="Ask as a customer would; see what is found and what the bot would do.">
      <KnowledgeViews />
      <div class="page-tools">
        <select aria-label="Asked by" value={audience} onChange={(event) => setAudience(event.currentTarget.value as Audience)}>
          {Object.entries(AUDIENCES).map(([id, words]) => (
            <option key={id} value={id}>
              {words}
            </option>
          ))}
        </select>
      </div>
      <TryIt audience={audience} locale="en" own={null} unsaved={false} />
    </Page>
  );
}

export function TryIt({ audience, locale, own, unsaved }: Props) {
  const [question, setQuestion] = useState("");
  const [tried, setTried] = useState<Tried | null>(null);
  const [error, setError] = useState("");
  const run = async () => {
    if (!question.trim()) return;
    setError("");
    try {
      const found = await api.post<Tried>("/knowledge/try", { question: question.trim(), audience, locale: locale || "en" }, { again: true });
      setTried(found);
      const best = found.hits[0];
      announce(best ? `${best.title}, ${percent(best.relevance)}. ${WOULD[best.would]}` : "Nothing was found.");
    } catch (thrown) {
      setError(sentence(thrown));
    }
  };
  return (
    <section class="card knowledge-try" aria-labelledby="knowledge-try">
      <h2 id="knowledge-try">Try a question</h2>
      <div class="knowledge-try-line">
        {/* Not a form: it may stand within one. */}
        <input
          aria-label="Question"
          maxLength={1000}
          placeholder="As a customer would ask"
          value={question}
          onInput={(event) => setQuestion(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key !== "Enter") return;
            event.preventDefault();
            void run();
          }}
        />
        <button type="button" onClick={() => void run()}>
          Try
        </button>
      </div>
      {unsaved && <p class="hint">Tried against what is saved and published.</p>}
      {error && (
        <p class="error" role="alert">
          {error}
        </p>
      )}
      {tried && <Hits tried={tried} own={own} />}
    </section>
  );
}

function Hits({ tried, own }: { tried: Tried; own: string | null }) {
  if (!tried.hits.length) return <p class="muted">Nothing was found. The bot would offer a person.</p>;
  return (
    <>
      <table class="ranking knowledge-hits">
        <caption>
          Told from {percent(tried.answer_at)}, offered from {percent(tried.suggest_at)}
        </caption>
        <tbody>
          {tried.hits.map((hit) => (
            <tr key={hit.entry_id}>
              <th scope="row">
                {hit.entry_id === own ? `${hit.title} (this one)` : <Link href={entryAddress(hit.entry_id)}>{hit.title}</Link>}
                <p class="muted">
                  {WOULD[hit.would] ?? hit.would} · words {hit.lexical.toFixed(2)}, meaning {hit.dense.toFixed(2)}
                </p>
              </th>
              <td>
                <Bar share={hit.relevance} />
              </td>
              <td class="number">{percent(hit.relevance)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}
