/** A customer's data: found by what the customer can name, handed out, or erased with a receipt. */

import { useState } from "preact/hooks";
import { sentence } from "../../api/errors.ts";
import { api } from "../../api/index.ts";
import { copy, download } from "../../parts/download.ts";
import { Field } from "../../parts/field.tsx";
import { Icon } from "../../parts/icon.tsx";
import { Empty } from "../../parts/state.tsx";
import { toast } from "../../shell/messages.ts";
import { Page } from "../../shell/page.tsx";
import { type Listed, listed } from "../inbox/wire.ts";
import { minuteClock, momentOf, spelled } from "../inbox/words.ts";
import { Erase } from "./erase_dialog.tsx";
import { AdminViews } from "./page.tsx";
import type { Erased, Trace } from "./wire.ts";

type Typed = { currentTarget: HTMLInputElement };

const HOW: Record<Trace["how"], string> = {
  asked_for: "is the conversation asked for",
  signed_in: "was signed in",
  proved: "proved who they are",
  left_address: "left this address",
  mentions: "only mentions it: may be somebody else",
};

interface Found {
  asked: string;
  traces: readonly Trace[];
}

export function CustomerData() {
  const [typed, setTyped] = useState("");
  const [found, setFound] = useState<Found | null>(null);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [asking, setAsking] = useState(false);
  const [erased, setErased] = useState<Erased | null>(null);
  const find = async (event: Event) => {
    event.preventDefault();
    try {
      const traces = listed(await api.get<Listed<Trace>>("/customer-data", { asked: typed.trim() }));
      setFound({ asked: typed.trim(), traces });
      setChosen(new Set(traces.filter((one) => one.how !== "mentions").map((one) => one.id)));
      setErased(null);
    } catch (error) {
      toast(sentence(error), "bad");
    }
  };
  const body = { asked: found?.asked ?? "", conversations: [...chosen] };
  const hand = async () => {
    try {
      const held = await api.post<unknown>("/customer-data/export", body);
      download(`customer-${body.asked.replace(/[^\w-]+/g, "_")}.json`, JSON.stringify(held, null, 2), "application/json");
      toast("The file was made. Its making stands in the audit log.", "good");
    } catch (error) {
      toast(sentence(error), "bad");
    }
  };
  const choose = (id: string, on: boolean) => setChosen((before) => new Set(on ? [...before, id] : [...before].filter((one) => one !== id)));
  return (
    <Page title="Admin" about="What a customer may ask for by law: everything we hold about them, or its erasure.">
      <AdminViews />
      <form class="card form admin-customer" aria-label="Customer" onSubmit={find}>
        <Field label="Customer" hint="An e-mail address, an order number, your website’s id of them, or the id of a conversation.">
          <input type="search" required maxLength={320} autocomplete="off" value={typed} onInput={(event: Typed) => setTyped(event.currentTarget.value)} />
        </Field>
        <div class="form-end">
          <button type="submit" class="primary" disabled={!typed.trim()}>
            <Icon name="search" />
            Find
          </button>
        </div>
      </form>
      {found && found.traces.length === 0 && !erased && (
        <Empty icon="search" title="Nothing is held here">
          No conversation belongs to it. Orders and tickets are kept by the shop.
        </Empty>
      )}
      {found && found.traces.length > 0 && (
        <section class="card form admin-customer" aria-label="What was found">
          <Traces traces={found.traces} chosen={chosen} onChoose={choose} />
          <div class="form-end">
            <button type="button" disabled={!chosen.size} onClick={() => void hand()}>
              <Icon name="download" />
              Export as JSON
            </button>
            <button type="button" class="danger" disabled={!chosen.size} onClick={() => setAsking(true)}>
              Erase…
            </button>
          </div>
        </section>
      )}
      {erased && <Receipt erased={erased} />}
      {asking && (
        <Erase
          {...body}
          onClose={() => setAsking(false)}
          onErased={(done) => {
            setErased(done);
            setFound(null);
            setAsking(false);
          }}
        />
      )}
    </Page>
  );
}

interface TracesProps {
  traces: readonly Trace[];
  chosen: ReadonlySet<string>;
  onChoose: (id: string, on: boolean) => void;
}

function Traces({ traces, chosen, onChoose }: TracesProps) {
  return (
    <fieldset class="admin-traces">
      <legend>
        {chosen.size} of {traces.length === 1 ? "1 conversation" : `${traces.length} conversations`} chosen
      </legend>
      {traces.map((one) => (
        <label key={one.id} class="admin-trace">
          <input type="checkbox" checked={chosen.has(one.id)} onChange={(event) => onChoose(one.id, event.currentTarget.checked)} />
          <span>
            <span class="admin-trace-words">{one.first_words || one.id}</span>
            <span class="muted small">
              {momentOf(one.began_at, minuteClock.value)} · {spelled(one.channel)} · {HOW[one.how]}
            </span>
          </span>
        </label>
      ))}
    </fieldset>
  );
}

function Receipt({ erased }: { erased: Erased }) {
  const conversations = erased.conversations === 1 ? "1 conversation" : `${erased.conversations} conversations`;
  return (
    <section class="card admin-receipt" aria-label="Receipt">
      <h2>Erased</h2>
      <p role="status">{conversations} of the customer deleted. What the bot remembers of them is being erased; tickets and orders stay with the shop.</p>
      <p>
        Receipt: <code>{erased.receipt}</code>
      </p>
      <div class="row">
        <button type="button" onClick={() => void copy(erased.receipt)}>
          <Icon name="copy" />
          Copy
        </button>
      </div>
    </section>
  );
}
