import { useState } from "preact/hooks";
import { api, loadSession, me } from "../../api/index.ts";
import { Dialog } from "../../parts/dialog.tsx";
import { copy } from "../../parts/download.ts";
import { Field } from "../../parts/field.tsx";
import { attempt } from "../../shell/attempt.ts";

interface Recovery {
  recovery_codes: string[];
}

interface Offer {
  secret: string;
  uri: string;
  qr_svg?: string;
}

/** A code of an authenticator app at each sign-in. */
export function SecondFactor() {
  const [beginning, setBeginning] = useState(false);
  const [offer, setOffer] = useState<Offer | null>(null);
  const [ending, setEnding] = useState(false);
  const [renewing, setRenewing] = useState(false);
  const [codes, setCodes] = useState<string[] | null>(null);
  const isOn = me.value?.account.totp ?? false;
  return (
    <section class="card" aria-labelledby="account-factor">
      <h2 id="account-factor">Second factor</h2>
      <p>{isOn ? "On: each sign-in asks for a code of your authenticator app." : "Off. With it, a stolen password alone opens nothing."}</p>
      <div class="form-end">
        {isOn && (
          <button type="button" onClick={() => setRenewing(true)}>
            New recovery codes…
          </button>
        )}
        <button type="button" onClick={() => (isOn ? setEnding(true) : setBeginning(true))}>
          {isOn ? "Switch off…" : "Set up…"}
        </button>
      </div>
      {beginning && <Begin onOffer={setOffer} onClose={() => setBeginning(false)} />}
      {offer && <Confirm offer={offer} onCodes={setCodes} onClose={() => setOffer(null)} />}
      {renewing && <Renew onCodes={setCodes} onClose={() => setRenewing(false)} />}
      {codes && <RecoveryCodes codes={codes} onClose={() => setCodes(null)} />}
      {ending && <End onClose={() => setEnding(false)} />}
    </section>
  );
}

function Begin({ onOffer, onClose }: { onOffer: (offer: Offer) => void; onClose: () => void }) {
  const begin = async (password: string) => onOffer(await api.post<Offer>("/me/totp", { password }));
  return <WithPassword title="Set up the second factor" button="Go on" told="Scan the picture with your app." onRun={begin} onClose={onClose} />;
}

interface Codes {
  onCodes: (codes: string[]) => void;
  onClose: () => void;
}

function Confirm({ offer, onCodes, onClose }: Codes & { offer: Offer }) {
  const [code, setCode] = useState("");
  const confirm = async (event: Event) => {
    event.preventDefault();
    const run = async () => {
      const made = await api.post<Recovery>("/me/totp/confirm", { code: code.trim() });
      onCodes(made.recovery_codes);
      onClose();
      await loadSession();
    };
    await attempt(run, "The second factor is on; other sessions have ended.");
  };
  return (
    <Dialog title="Set up the second factor" onClose={onClose}>
      {/* As a picture, an SVG can do nothing but be looked at. */}
      {offer.qr_svg && <img class="account-qr" src={`data:image/svg+xml;utf8,${encodeURIComponent(offer.qr_svg)}`} alt="QR code for your authenticator app" />}
      <p>
        Scan it with your authenticator app, or type this key there: <code class="account-secret">{offer.secret}</code>
      </p>
      <form class="form" onSubmit={confirm}>
        <Field label="Code that the app shows">
          <input required inputMode="numeric" autocomplete="one-time-code" value={code} onInput={(event) => setCode(event.currentTarget.value)} />
        </Field>
        <div class="form-end">
          <button type="submit" class="primary">
            Switch on
          </button>
        </div>
      </form>
    </Dialog>
  );
}

function Renew({ onCodes, onClose }: Codes) {
  const renew = async (password: string) => onCodes((await api.post<Recovery>("/me/totp/recovery", { password })).recovery_codes);
  return <WithPassword title="New recovery codes" button="Make new codes" told="The old recovery codes open nothing any more." onRun={renew} onClose={onClose} />;
}

/** They are told once; whoever loses phone and codes needs an admin. */
function RecoveryCodes({ codes, onClose }: { codes: string[]; onClose: () => void }) {
  return (
    <Dialog title="Your recovery codes" onClose={onClose}>
      <p>Without your phone, each of them opens once in the place of its code. They are shown only now: print them or keep them where you keep passwords.</p>
      <ul class="account-recovery" aria-label="Recovery codes">
        {codes.map((code) => (
          <li key={code}>
            <code>{code}</code>
          </li>
        ))}
      </ul>
      <div class="form-end">
        <button type="button" onClick={() => void copy(codes.join("\n"))}>
          Copy
        </button>
        <button type="button" class="primary" onClick={onClose}>
          I have kept them
        </button>
      </div>
    </Dialog>
  );
}

function End({ onClose }: { onClose: () => void }) {
  const end = async (password: string) => {
    await api.delete("/me/totp", { password });
    await loadSession();
  };
  return <WithPassword title="Switch the second factor off" button="Switch off" danger told="The second factor is off." onRun={end} onClose={onClose} />;
}

interface Asked {
  title: string;
  button: string;
  told: string;
  danger?: boolean;
  onRun: (password: string) => Promise<void>;
  onClose: () => void;
}

/** What an open browser alone may not do: the password is asked for once more. */
function WithPassword({ title, button, told, danger, onRun, onClose }: Asked) {
  const [password, setPassword] = useState("");
  const submit = async (event: Event) => {
    event.preventDefault();
    if (await attempt(() => onRun(password), told)) onClose();
  };
  return (
    <Dialog title={title} onClose={onClose}>
      <form class="form" onSubmit={submit}>
        <Field label="Password">
          <input type="password" required autocomplete="current-password" value={password} onInput={(event) => setPassword(event.currentTarget.value)} />
        </Field>
        <div class="form-end">
          <button type="submit" class={danger ? "danger" : "primary"}>
            {button}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
