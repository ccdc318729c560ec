/** Data of a page: asked for when the page opens or its key changes, again when told, dropped when the page goes. */

import { useCallback, useEffect, useState } from "preact/hooks";

export type Loaded<T> =
  | { state: "loading"; value: T | null; error: null }
  | { state: "ready"; value: T; error: null }
  | { state: "failed"; value: T | null; error: unknown };

/**
 * @param load asked with a signal that aborts when the answer is not wanted any more
 * @param key what the data depends on, as a text; a change loads again (the old value stays until the new one is there)
 */
export function useLoaded<T>(load: (signal: AbortSignal) => Promise<T>, key: string): [Loaded<T>, () => void] {
  const [loaded, setLoaded] = useState<Loaded<T>>({ state: "loading", value: null, error: null });
  const [round, setRound] = useState(0);
  useEffect(() => {
    const abort = new AbortController();
    setLoaded((before) => ({ state: "loading", value: before.value, error: null }));
    load(abort.signal).then(
      (value) => !abort.signal.aborted && setLoaded({ state: "ready", value, error: null }),
      (error: unknown) => !abort.signal.aborted && setLoaded((before) => ({ state: "failed", value: before.value, error })),
    );
    return () => abort.abort();
  }, [key, round]);
  return [loaded, useCallback(() => setRound((before) => before + 1), [])];
}
