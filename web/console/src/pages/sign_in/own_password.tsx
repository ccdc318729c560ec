/** The first thing that somebody sees whose password an admin made: nothing else opens before it is their own. */

import { useEffect, useState } from "preact/hooks";
import { sentence } from "../../api/errors.ts";
import { api, loadSession, me, signOut } from "../../api/index.ts";
import { Field } from "../../parts/field.tsx";
import { toast } from "../../shell/messages.ts";
import "./sign_in.css";

export function OwnPasswordPage() {
  const [old, setOld] = useState("");
  const [fresh, setFresh] = useState("");
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  useEffect(() => {
    document.title = "Choose a password · Frontdesk";
  }, []);
  const submit = async (event: Event) => {
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    setProblem(null);
    try {
      await api.post("/me/password", { old, new: fresh });
      await loadSession();
      toast("Your password was changed.", "good");
    } catch (error) {
      setProblem(sentence(error));
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
        <h1>Choose a password</h1>
        <p class="muted">Welcome, {me.value?.account.name}. An admin knows the password that you were given, so choose one of your own first.</p>
        {problem && (
          <p class="notice bad" role="alert">
            {problem}
          </p>
        )}
        <input type="hidden" autocomplete="username" value={me.value?.account.email} />
        <Field label="The password you were given">
          <input type="password" required autocomplete="current-password" value={old} onInput={(event) => setOld(event.currentTarget.value)} />
        </Field>
        <Field label="Your new password" hint="At least 12 characters; a few unrelated words are good.">
          <input type="password" required minLength={12} autocomplete="new-password" value={fresh} onInput={(event) => setFresh(event.currentTarget.value)} />
        </Field>
        <button type="submit" class="primary" aria-disabled={busy}>
          {busy ? "Changing…" : "Go on"}
        </button>
        <button type="button" class="quiet" onClick={() => void signOut()}>
          Sign out
        </button>
      </form>
    </main>
  );
}
