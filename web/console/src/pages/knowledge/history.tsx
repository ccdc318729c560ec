/** Earlier versions of an entry: who, when, why, what differs; one can be put back. */

import { useState } from "preact/hooks";
import { api } from "../../api/index.ts";
import { Dialog } from "../../parts/dialog.tsx";
import { useLoaded } from "../../parts/loaded.ts";
import { Failed, Loading } from "../../parts/state.tsx";
import { attempt } from "../../shell/attempt.ts";
import { type Listed, listed } from "../inbox/wire.ts";
import { minuteClock, momentOf } from "../inbox/words.ts";
import { type Entry, entryPath, type Line, type Past } from "./wire.ts";

interface Props {
  entry: Entry;
  onRestored: () => void;
  onClose: () => void;
}

export function History({ entry, onRestored, onClose }: Props) {
  const [loaded, again] = useLoaded((signal) => api.get<Listed<Past>>(`${entryPath(entry.id)}/versions`, {}, signal).then(listed), entry.id);
  const versions = [...(loaded.value ?? [])].sort((a, b) => b.version - a.version);
  const [chosen, setChosen] = useState<number | null>(null);
  const older = versions.find((one) => one.version === chosen) ?? versions[1];
  const newest = versions[0];
  const restore = async (version: number) => {
    const done = await attempt(() => api.post(`${entryPath(entry.id)}/restore`, { version }), "Put back, as a new version.");
    if (!done) return;
    onRestored();
    onClose();
  };
  return (
    <Dialog title="History" onClose={onClose} size="wide">
      {loaded.state === "failed" && <Failed error={loaded.error} again={again} />}
      {loaded.state === "loading" && <Loading />}
      {versions.length > 0 && (
        <ul class="knowledge-versions" aria-label="Versions">
          {versions.map((one) => (
            <li key={one.version}>
              <label class="choice">
                <input type="radio" name="version" checked={one === older} disabled={one === newest} onChange={() => setChosen(one.version)} />
                <span>
                  {momentOf(one.at, minuteClock.value)}, {one.by}
                  {one.why && <span class="muted"> · {one.why}</span>}
                  {one.removed && <span class="muted"> · removed</span>}
                  {one === newest && <span class="badge">now</span>}
                </span>
              </label>
              {one !== newest && !one.removed && (
                <button type="button" onClick={() => void restore(one.version)} aria-label={`Put back the version of ${momentOf(one.at, minuteClock.value)}`}>
                  Put back
                </button>
              )}
            </li>
          ))}
        </ul>
      )}
      {older && newest && older !== newest && <Difference entry={entry} from={older.version} to={newest.version} />}
      {loaded.state === "ready" && versions.length < 2 && <p class="muted">There is no earlier version.</p>}
    </Dialog>
  );
}

const SIGNS = { "+": "added", "-": "removed", " ": "" } as const;

function Difference({ entry, from, to }: { entry: Entry; from: number; to: number }) {
  const [loaded, again] = useLoaded((signal) => api.get<{ lines: Line[] }>(`${entryPath(entry.id)}/diff`, { from, to }, signal), `${from} ${to}`);
  if (loaded.state === "failed") return <Failed error={loaded.error} again={again} />;
  if (!loaded.value) return <Loading />;
  return (
    <section>
      <h3>What has changed since</h3>
      <div class="code-block knowledge-diff" tabIndex={0} role="region" aria-label="Difference">
        {loaded.value.lines.map((line, at) => (
          <p key={at} class={SIGNS[line.op]}>
            <span aria-hidden="true">{line.op}</span>
            {line.op !== " " && <span class="for-readers">{SIGNS[line.op]}: </span>}
            {line.text}
          </p>
        ))}
      </div>
    </section>
  );
}
