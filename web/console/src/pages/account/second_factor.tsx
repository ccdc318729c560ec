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
  const [offer, setOffer] = useState<Offer | null>(null);
  const [ending, setEnding] = useState(false);
  const [renewing, setRenewing] = useState(false);
  const [codes, setCodes] = useState<string[] | null>(null);
  const isOn = me.value?.account.totp ?? false;
  const begin = () =>
    void attempt(async () => {
      setOffer(await api.post<Offer>("/me/totp"));
    }, "Scan the picture with your app.");
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
        <button type="button" onClick={isOn ? () => setEnding(true) : begin}>
          {isOn ? "Switch off…" : "Set up…"}
        </button>
      </div>
      {offer && <Confirm offer={offer} onCodes={setCodes} onClose={() => setOffer(null)} />}
      {renewing && <Renew onCodes={setCodes} onClose={() => setRenewing(false)} />}
      {codes && <RecoveryCodes codes={codes} onClose={() => setCodes(null)} />}
      {ending && <End onClose={() => setEnding(false)} />}
    </section>
  );
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
    await attempt(run, "The second factor is on.");
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
  const [password, setPassword] = useState("");
  const renew = async (event: Event) => {
    event.preventDefault();
    const run = async () => {
      const made = await api.post<Recovery>("/me/totp/recovery", { password });
      onCodes(made.recovery_codes);
      onClose();
    };
    await attempt(run, "The old recovery codes open nothing any more.");
  };
  return (
    <Dialog title="New recovery codes" onClose={onClose}>
      <form class="form" onSubmit={renew}>
        <Field label="Password">
          <input type="password" required autocomplete="current-password" value={password} onInput={(event) => setPassword(event.currentTarget.value)} />
        </Field>
        <div class="form-end">
          <button type="submit" class="primary">
            Make new codes
          </button>
        </div>
      </form>
    </Dialog>
  );
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
  const [password, setPassword] = useState("");
  const end = async (event: Event) => {
    event.preventDefault();
    const run = async () => {
      await api.delete("/me/totp", { password });
      await loadSession();
    };
    if (await attempt(run, "The second factor is off.")) onClose();
  };
  return (
    <Dialog title="Switch the second factor off" onClose={onClose}>
      <form class="form" onSubmit={end}>
        <Field label="Password">
          <input type="password" required autocomplete="current-password" value={password} onInput={(event) => setPassword(event.currentTarget.value)} />
        </Field>
        <div class="form-end">
          <button type="submit" class="danger">
            Switch off
          </button>
        </div>
      </form>
    </Dialog>
  );
}
