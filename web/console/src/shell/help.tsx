import { Dialog } from "../parts/dialog.tsx";
import { currentSets, shortcutsOn } from "./shortcuts.ts";

const NAMES: Record<string, string> = { ArrowDown: "↓", ArrowUp: "↑", Escape: "Esc" };

export function Keys({ keys }: { keys: string }) {
  const joined = keys.includes("+");
  const parts = keys.split(joined ? "+" : " ");
  return (
    <span class="keys">
      {parts.map((key, at) => (
        <>
          {at > 0 && <span class="muted">{joined ? "+" : " then "}</span>}
          <kbd>{NAMES[key] ?? key}</kbd>
        </>
      ))}
    </span>
  );
}

export function HelpDialog({ onClose }: { onClose: () => void }) {
  return (
    <Dialog title="Keyboard shortcuts" size="wide" onClose={onClose}>
      <label class="choice">
        <input type="checkbox" checked={shortcutsOn.value} onChange={(event) => (shortcutsOn.value = event.currentTarget.checked)} />
        Single-key shortcuts (never while you type)
      </label>
      <div class="help-sets">
        {currentSets.value.map((set) => (
          <section key={set.title}>
            <h3>{set.title}</h3>
            <dl class="help-list">
              {set.shortcuts
                .filter((one) => one.when !== false)
                .map((one) => (
                  <div key={one.keys}>
                    <dt>
                      <Keys keys={one.keys} />
                    </dt>
                    <dd>{one.label}</dd>
                  </div>
                ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
