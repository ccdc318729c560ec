/** Whether waiting conversations are handed out, and to whom they would go now. */

import { useState } from "preact/hooks";
import { api } from "../../api/index.ts";
import { useLoaded } from "../../parts/loaded.ts";
import { Failed, Loading } from "../../parts/state.tsx";
import { attempt } from "../../shell/attempt.ts";
import { Page } from "../../shell/page.tsx";
import { type Listed, listed } from "../inbox/wire.ts";
import { AdminViews } from "./page.tsx";
import type { AdminAccount } from "./wire.ts";

export function Assignment() {
  const [loaded, again] = useLoaded((signal) => api.get<{ on: boolean }>("/assignment", {}, signal), "assignment");
  return (
    <Page title="Admin" about="Who gets the conversations that wait for a person.">
      <AdminViews />
      {loaded.state === "failed" && <Failed error={loaded.error} again={again} />}
      {loaded.state === "loading" && !loaded.value && <Loading />}
      {loaded.value && <Switch on={loaded.value.on} />}
      <Agents />
    </Page>
  );
}

function Switch({ on }: { on: boolean }) {
  const [now, setNow] = useState(on);
  const change = async () => {
    const wanted = !now;
    const done = wanted ? "Conversations are handed out from now on." : "Agents take conversations themselves from now on.";
    if (await attempt(() => api.put("/assignment", { on: wanted }), done)) setNow(wanted);
  };
  return (
    <section class="card admin-assignment" aria-labelledby="admin-assignment">
      <label class="choice">
        <input type="checkbox" role="switch" checked={now} onChange={() => void change()} />
        <strong id="admin-assignment">Hand waiting conversations out by themselves</strong>
      </label>
      <ul class="muted">
        <li>Urgent ones first, then whoever waits longest.</li>
        <li>Only to agents whose console is open, who are not away and who have room; a team’s only to the team.</li>
        <li>Among them first who speaks the customer’s language, then who has more of the skills (names of intents or tags), then who has most room.</li>
        <li>While nobody has room, conversations wait; everybody may still take them.</li>
      </ul>
    </section>
  );
}

function Agents() {
  const [loaded, again] = useLoaded((signal) => api.get<Listed<AdminAccount>>("/accounts", { limit: 100 }, signal).then(listed), "accounts");
  if (loaded.state === "failed") return <Failed error={loaded.error} again={again} />;
  const answering = (loaded.value ?? []).filter((one) => !one.disabled && one.roles.some((role) => role === "agent" || role === "lead" || role === "admin"));
  if (!answering.length) return null;
  const words = (some: readonly string[] | undefined, none: string) => (some?.length ? some.join(", ") : <span class="muted">{none}</span>);
  return (
    <div class="page-table" role="region" aria-label="Who answers" tabIndex={0}>
      <table class="admin-table">
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col">At once</th>
            <th scope="col">Languages</th>
            <th scope="col">Skills</th>
            <th scope="col">Teams</th>
            <th scope="col">State</th>
          </tr>
        </thead>
        <tbody>
          {answering.map((one) => (
            <tr key={one.id}>
              <th scope="row">{one.name}</th>
              <td>{one.capacity}</td>
              <td>{words(one.languages, "None given")}</td>
              <td>{words(one.skills, "None")}</td>
              <td>{words(one.teams, "All")}</td>
              <td>{one.away ? <span class="badge warn">Away</span> : <span class="badge good">Active</span>}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
