/** A search field that asks when whoever types pauses. */

import { useEffect, useRef, useState } from "preact/hooks";

const PAUSE = 300;

interface Props {
  /** What is searched, to see and to hear. */
  label: string;
  class?: string;
  value: string;
  onChange: (value: string) => void;
}

export function SearchWords({ label, class: name, value, onChange }: Props) {
  const [typed, setTyped] = useState(value);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const newest = useRef(onChange);
  newest.current = onChange;
  useEffect(() => setTyped(value), [value]);
  // A pause that ends after the page was left must not bring the list back.
  useEffect(() => () => clearTimeout(timer.current), []);
  return (
    <input
      type="search"
      class={name}
      aria-label={label}
      placeholder={label}
      maxLength={200}
      value={typed}
      onInput={(event) => {
        const words = event.currentTarget.value;
        setTyped(words);
        clearTimeout(timer.current);
        timer.current = setTimeout(() => newest.current(words.trim()), PAUSE);
      }}
      onKeyDown={(event) => {
        if (event.key === "Escape") event.currentTarget.blur();
      }}
    />
  );
}
