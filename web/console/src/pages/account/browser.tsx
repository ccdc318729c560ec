import { shortcutsOn } from "../../shell/shortcuts.ts";
import { theme, type Theme } from "../../shell/theme.ts";
import { toast } from "../../shell/messages.ts";
import { may } from "../../api/index.ts";
import { allowDesktop, desktopOn, soundOn } from "../inbox/alerts.ts";

const THEMES: readonly [Theme, string][] = [
  ["system", "As the computer"],
  ["light", "Light"],
  ["dark", "Dark"],
];

/** Settings that this browser keeps. */
export function Browser() {
  const desktop = async (wanted: boolean) => {
    if (!wanted) desktopOn.value = false;
    else if (!(await allowDesktop())) toast("The browser does not allow notifications from this page.", "bad");
  };
  return (
    <section class="card" aria-labelledby="account-browser">
      <h2 id="account-browser">This browser</h2>
      <div class="form">
        <fieldset class="account-themes">
          <legend>Colours</legend>
          {THEMES.map(([id, words]) => (
            <label class="choice" key={id}>
              <input type="radio" name="theme" checked={theme.value === id} onChange={() => (theme.value = id)} />
              {words}
            </label>
          ))}
        </fieldset>
        <label class="choice">
          <input type="checkbox" checked={shortcutsOn.value} onChange={(event) => (shortcutsOn.value = event.currentTarget.checked)} />
          Single-key shortcuts
        </label>
        {may("answer") && (
          <>
            <label class="choice">
              <input type="checkbox" checked={soundOn.value} onChange={(event) => (soundOn.value = event.currentTarget.checked)} />
              A sound when a customer writes to me
            </label>
            <label class="choice">
              <input
                type="checkbox"
                checked={desktopOn.value}
                onChange={(event) => {
                  const box = event.currentTarget;
                  // Only what the browser has allowed is shown as on.
                  void desktop(box.checked).then(() => (box.checked = desktopOn.value));
                }}
              />
              Notifications on the desktop (without the customer’s words)
            </label>
          </>
        )}
      </div>
    </section>
  );
}
