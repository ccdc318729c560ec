/** Drawing attention while somebody looks elsewhere. Sound and desktop notifications are off until they are switched on. */

import { effect, signal } from "@preact/signals";
import { keep, kept } from "../../shell/kept.ts";
import { toast } from "../../shell/messages.ts";

export const soundOn = signal(kept("sound") === "on");
export const desktopOn = signal(kept("desktop") === "on" && "Notification" in globalThis && Notification.permission === "granted");
/** Set by the inbox: shows a conversation. */
export const opener = signal<(id: string) => void>(() => undefined);

effect(() => keep("sound", soundOn.value ? "on" : null));
effect(() => keep("desktop", desktopOn.value ? "on" : null));

/** True when the browser allows it. */
export async function allowDesktop(): Promise<boolean> {
  if (!("Notification" in globalThis)) return false;
  desktopOn.value = (await Notification.requestPermission()) === "granted";
  return desktopOn.value;
}

export function alertTo(id: string, text: string): void {
  const open = () => opener.peek()(id);
  toast(text.length > 140 ? `${text.slice(0, 139)}…` : text, "info", { label: "Open", run: open });
  if (soundOn.peek()) beep();
  if (desktopOn.peek() && document.hidden) notify(id, open);
}

/** No customer's words: a locked screen shows notifications too. */
function notify(id: string, open: () => void): void {
  const shown = new Notification("Frontdesk", { body: "A customer wrote to you.", tag: id });
  shown.onclick = () => {
    window.focus();
    open();
    shown.close();
  };
}

let audio: AudioContext | null = null;

function beep(): void {
  audio ??= new AudioContext();
  const [tone, volume, start] = [audio.createOscillator(), audio.createGain(), audio.currentTime];
  tone.frequency.value = 660;
  volume.gain.setValueAtTime(0.0001, start);
  volume.gain.exponentialRampToValueAtTime(0.08, start + 0.02);
  volume.gain.exponentialRampToValueAtTime(0.0001, start + 0.25);
  tone.connect(volume).connect(audio.destination);
  tone.start(start);
  tone.stop(start + 0.3);
}
