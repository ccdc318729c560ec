import { useRef, useState } from "preact/hooks";

/** Once at a time: a second call while the first runs does nothing. */
export function useBusy(run: () => Promise<unknown>): [() => void, boolean] {
  const [busy, setBusy] = useState(false);
  const running = useRef(false);
  const start = () => {
    if (running.current) return;
    running.current = true;
    setBusy(true);
    void run().finally(() => {
      running.current = false;
      setBusy(false);
    });
  };
  return [start, busy];
}
