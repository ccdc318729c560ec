/** A list that comes in pages: the first one when the key changes, further ones when asked for. */

import { useCallback, useEffect, useRef, useState } from "preact/hooks";

export interface PageAnswer<T> {
  items: T[];
  next: string | null;
}

export interface Paged<T, A> {
  /** What is there so far; of the former key while the new answer is on its way. */
  items: T[];
  /** The newest answer, for what it tells beside the items. */
  answer: A | null;
  loading: boolean;
  error: unknown;
  /** Asks for the next page; undefined when there is none. */
  more: (() => void) | undefined;
  again: () => void;
}

export function usePaged<T, A extends PageAnswer<T> = PageAnswer<T>>(load: (cursor: string | undefined, signal: AbortSignal) => Promise<A>, key: string): Paged<T, A> {
  const [items, setItems] = useState<T[]>([]);
  const [answer, setAnswer] = useState<A | null>(null);
  const [loading, setLoading] = useState(true);
  const [error, setError] = useState<unknown>(null);
  const [round, setRound] = useState(0);
  const abort = useRef<AbortController | undefined>(undefined);
  const ask = (cursor: string | undefined) => {
    abort.current?.abort();
    const mine = new AbortController();
    abort.current = mine;
    setLoading(true);
    setError(null);
    load(cursor, mine.signal).then(
      (found) => {
        if (mine.signal.aborted) return;
        setItems((before) => (cursor ? [...before, ...found.items] : found.items));
        setAnswer(found);
        setLoading(false);
      },
      (thrown: unknown) => {
        if (mine.signal.aborted) return;
        setError(thrown);
        setLoading(false);
      },
    );
  };
  useEffect(() => {
    ask(undefined);
    return () => abort.current?.abort();
  }, [key, round]);
  const next = answer?.next;
  return { items, answer, loading, error, more: next && !loading ? () => ask(next) : undefined, again: useCallback(() => setRound((before) => before + 1), []) };
}
