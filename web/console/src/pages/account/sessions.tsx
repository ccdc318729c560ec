import { api } from "../../api/index.ts";
import { useLoaded } from "../../parts/loaded.ts";
import { Failed, Loading } from "../../parts/state.tsx";
import { type Listed, listed } from "../inbox/wire.ts";
import { minuteClock, momentOf } from "../inbox/words.ts";
import { attempt } from "../../shell/attempt.ts";

interface Session {
  id: string;
  created_at: string;
  seen_at: string;
  address: string | null;
  browser: string | null;
  current: boolean;
}

/** Where this account is signed in, each with its end. */
export function Sessions() {
  const [loaded, again] = useLoaded((signal) => api.get<Listed<Session>>("/me/sessions", {}, signal).then(listed), "sessions");
  const end = async (id: string) => {
    if (await attempt(() => api.delete(`/me/sessions/${id}`), "That session has ended.")) again();
  };
  return (
    <section class="card" aria-labelledby="account-sessions">
      <h2 id="account-sessions">Where you are signed in</h2>
      {loaded.state === "failed" && <Failed error={loaded.error} again={again} />}
      {!loaded.value && loaded.state === "loading" && <Loading />}
      <ul class="account-list">
        {(loaded.value ?? []).map((one) => (
          <li key={one.id}>
            <div>
              <strong>{one.browser ?? "Unknown browser"}</strong> {one.current && <span class="badge good">This one</span>}
              <p class="muted small">
                {one.address ? `${one.address} · ` : ""}last used {momentOf(one.seen_at, minuteClock.value)}
              </p>
            </div>
            {!one.current && (
              <button type="button" onClick={() => void end(one.id)} aria-label={`End the session ${one.browser ?? ""}`}>
                End
              </button>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
