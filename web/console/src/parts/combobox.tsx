/** A text field with a list of choices below it (ARIA's editable combobox): type to narrow, arrows, Enter takes. */

import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { useUniqueId } from "./unique_id.ts";

export interface Option {
  id: string;
  label: string;
  /** Behind or below the label. */
  about?: ComponentChildren;
  /** Heading under which it stands; options of one group follow each other. */
  group?: string;
}

interface Props {
  label: string;
  options: readonly Option[];
  /** The words as they are typed; the caller narrows the options. */
  onSearch: (words: string) => void;
  onChoose: (option: Option) => void;
  placeholder?: string;
  hint?: string;
  /** What stands there when no option fits. */
  none?: string;
}

export function Combobox({ label, options, onSearch, onChoose, placeholder, hint, none = "Nothing fits." }: Props) {
  const id = useUniqueId();
  const list = useRef<HTMLUListElement>(null);
  const [at, setAt] = useState(0);
  const current = options[Math.min(at, options.length - 1)];
  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: "nearest" });
  }, [current?.id]);
  const keys = (event: KeyboardEvent) => {
    const last = options.length - 1;
    const to = { ArrowDown: at >= last ? 0 : at + 1, ArrowUp: at <= 0 ? last : at - 1, PageDown: Math.min(last, at + 8), PageUp: Math.max(0, at - 8) }[event.key];
    if (to !== undefined) setAt(Math.max(0, to));
    else if (event.key === "Enter" && current) onChoose(current);
    else return;
    event.preventDefault();
  };
  return (
    <div class="combobox">
      <label for={id} class="combobox-label">
        {label}
      </label>
      <input
        id={id}
        type="text"
        role="combobox"
        aria-expanded="true"
        aria-autocomplete="list"
        aria-controls={`${id}-list`}
        aria-activedescendant={current ? `${id}-${options.indexOf(current)}` : undefined}
        aria-describedby={hint ? `${id}-hint` : undefined}
        autocomplete="off"
        spellcheck={false}
        placeholder={placeholder}
        onInput={(event) => {
          setAt(0);
          onSearch(event.currentTarget.value);
        }}
        onKeyDown={keys}
      />
      {hint && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      <ul ref={list} id={`${id}-list`} role="listbox" aria-label={label} class="combobox-list">
        {options.map((option, index) => (
          <li
            key={option.id}
            id={`${id}-${index}`}
            role="option"
            aria-selected={option === current}
            class="combobox-option"
            onMouseMove={() => setAt(index)}
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => onChoose(option)}
          >
            {option.group && option.group !== options[index - 1]?.group && <span class="combobox-group">{option.group}</span>}
            <span class="combobox-line">
              <span class="combobox-name">{option.label}</span>
              {option.about && <span class="combobox-about">{option.about}</span>}
            </span>
          </li>
        ))}
      </ul>
      {options.length === 0 && <p class="muted">{none}</p>}
    </div>
  );
}

/** Those whose words begin or contain what was typed; ones that begin so come first. */
export function narrowed(options: readonly Option[], words: string): Option[] {
  const wanted = words.toLowerCase().split(/[\s_]+/).filter(Boolean);
  if (!wanted.length) return [...options];
  const found = options.filter((one) => wanted.every((word) => `${one.label} ${typeof one.about === "string" ? one.about : ""}`.toLowerCase().includes(word)));
  const begins = (one: Option) => (one.label.toLowerCase().startsWith(wanted[0] ?? "") ? 0 : 1);
  return found.sort((a, b) => begins(a) - begins(b));
}
