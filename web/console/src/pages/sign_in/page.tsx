/** Sign-in: e-mail and password, the code of an authenticator app where it is on, or the company's own sign-in. */

import { useEffect, useState } from "preact/hooks";
import type { SignInOffer } from "../../api/account.ts";
import { isType, sentence } from "../../api/errors.ts";
import { api, sessionEnded, signIn } from "../../api/index.ts";
import { Field } from "../../parts/field.tsx";
import "./sign_in.css";

export function SignInPage() {
  const offer = useOffer();
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [code, setCode] = useState("");
  const [asksCode, setAsksCode] = useState(false);
  const [problem, setProblem] = useState<string | null>(sentBack);
  const [busy, setBusy] = useState(false);
  useEffect(() => {
    document.title = "Sign in · Frontdesk";
  }, []);
  const submit = async (event: Event) => {
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    setProblem(null);
    try {
      await signIn(email.trim(), password, code.trim());
    } catch (error) {
      if (isType(error, "code_required")) setAsksCode(true);
      else setProblem(sentence(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <main class="sign-in">
      <form class="sign-in-card" onSubmit={submit}>
        <p class="brand">
          <span class="brand-mark" aria-hidden="true" />
          Frontdesk
        </p>
        <h1>Sign in</h1>
        <p class="muted">{offer ? `The staff console of ${offer.company}` : "The staff console"}</p>
        {sessionEnded.value && (
          <p class="notice" role="status">
            Your session has ended. Sign in again: your drafts are kept in this browser.
          </p>
        )}
        {problem && (
          <p class="notice bad" role="alert">
            {problem}
          </p>
        )}
        {!asksCode ? (
          <>
            <Field label="E-mail">
              <input type="email" autocomplete="username" required value={email} onInput={(event) => setEmail(event.currentTarget.value)} />
            </Field>
            <Field label="Password">
              <input type="password" autocomplete="current-password" required value={password} onInput={(event) => setPassword(event.currentTarget.value)} />
            </Field>
          </>
        ) : (
          <CodeField code={code} onInput={setCode} />
        )}
        <button type="submit" class="primary" aria-disabled={busy}>
          {busy ? "Signing in…" : "Sign in"}
        </button>
        {asksCode && (
          <button type="button" class="quiet" onClick={() => (setAsksCode(false), setCode(""), setProblem(null))}>
            Back
          </button>
        )}
        {offer?.oidc && !asksCode && (
          <>
            <p class="or" aria-hidden="true">
              or
            </p>
            <a class="button" href={api.address("/oidc/start")}>
              Continue with {offer.oidc.name}
            </a>
          </>
        )}
      </form>
    </main>
  );
}

/** The company's own sign-in sends people back here with a reason in the address. */
const REASONS: Record<string, string> = {
  cancelled: "You left the company’s sign-in. Try again, or use your password.",
  expired: "That took too long. Try again.",
  no_account: "Nobody has made an account for you here. Ask an admin.",
  not_verified: "The company’s sign-in does not vouch for your e-mail address.",
  unavailable: "The company’s sign-in cannot be reached. Try again, or use your password.",
  failed: "The company’s sign-in did not work. Try again.",
};

function sentBack(): string | null {
  const reason = new URLSearchParams(location.search).get("sign_in");
  return reason ? (REASONS[reason] ?? REASONS["failed"] ?? null) : null;
}

function focusEmpty(field: HTMLInputElement | null): void {
  if (field && !field.value) field.focus();
}

function CodeField({ code, onInput }: { code: string; onInput: (code: string) => void }) {
  return (
    <Field label="Code" hint="The six digits that your authenticator app shows now, or one of your recovery codes.">
      <input
        type="text"
        autocomplete="one-time-code"
        autocapitalize="characters"
        spellcheck={false}
        required
        maxLength={32}
        ref={focusEmpty}
        value={code}
        onInput={(event) => onInput(event.currentTarget.value)}
      />
    </Field>
  );
}

/** What can be offered; without an answer the form alone will do. */
function useOffer(): SignInOffer | null {
  const [offer, setOffer] = useState<SignInOffer | null>(null);
  useEffect(() => {
    api.get<SignInOffer>("/sign-in").then(setOffer, () => setOffer(null));
  }, []);
  return offer;
}
