/** What somebody sets for themselves: name, password, second factor, sessions, and how this browser behaves. */

import { useState } from "preact/hooks";
import type { Me } from "../../api/account.ts";
import { api, me } from "../../api/index.ts";
import { Field } from "../../parts/field.tsx";
import { attempt } from "../../shell/attempt.ts";
import { Page } from "../../shell/page.tsx";
import { Browser } from "./browser.tsx";
import { SecondFactor } from "./second_factor.tsx";
import { Sessions } from "./sessions.tsx";
import "./account.css";

export function AccountPage() {
  return (
    <Page title="My account" about={me.value?.account.email}>
      <div class="account-sections">
        <Browser />
        <Profile />
        <Password />
        <SecondFactor />
        <Sessions />
      </div>
    </Page>
  );
}

function Profile() {
  const account = me.value?.account;
  const [name, setName] = useState(account?.name ?? "");
  const [languages, setLanguages] = useState((account?.languages ?? []).join(", "));
  const save = (event: Event) => {
    event.preventDefault();
    const spoken = languages.split(/[,\s]+/).map((one) => one.trim().toLowerCase()).filter(Boolean);
    void attempt(async () => {
      me.value = await api.patch<Me>("/me", { name: name.trim(), languages: spoken });
    }, "Saved.");
  };
  return (
    <section class="card" aria-labelledby="account-profile">
      <h2 id="account-profile">Profile</h2>
      <form class="form" onSubmit={save}>
        <Field label="Name" hint="Customers see it.">
          <input required maxLength={80} autocomplete="name" value={name} onInput={(event) => setName(event.currentTarget.value)} />
        </Field>
        <Field label="Languages" hint="Codes of the languages you write, your first one first: en, de. Others can be translated.">
          <input maxLength={60} value={languages} onInput={(event) => setLanguages(event.currentTarget.value)} />
        </Field>
        <div class="form-end">
          <button type="submit">Save</button>
        </div>
      </form>
    </section>
  );
}

function Password() {
  const [old, setOld] = useState("");
  const [fresh, setFresh] = useState("");
  const change = async (event: Event) => {
    event.preventDefault();
    if (!(await attempt(() => api.post("/me/password", { old, new: fresh }), "Your password was changed. Other sessions have ended."))) return;
    setOld("");
    setFresh("");
  };
  return (
    <section class="card" aria-labelledby="account-password">
      <h2 id="account-password">Password</h2>
      <form class="form" onSubmit={change}>
        <Field label="Old password">
          <input type="password" required autocomplete="current-password" value={old} onInput={(event) => setOld(event.currentTarget.value)} />
        </Field>
        <Field label="New password" hint="At least 12 characters; a few unrelated words are good.">
          <input type="password" required minLength={12} autocomplete="new-password" value={fresh} onInput={(event) => setFresh(event.currentTarget.value)} />
        </Field>
        <div class="form-end">
          <button type="submit">Change</button>
        </div>
      </form>
    </section>
  );
}
