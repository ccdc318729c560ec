/** A button that opens a short menu: arrows move, Enter chooses, Escape closes and gives the focus back. */

import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { useUniqueId } from "./unique_id.ts";
import { Icon, type IconName } from "./icon.tsx";

export interface MenuItem {
  label: string;
  icon?: IconName;
  run: () => void;
  /** Marks the one that holds now. */
  checked?: boolean;
  keys?: string;
  danger?: boolean;
}

interface Props {
  label: string;
  /** What the button shows; without it the icon alone, with the label for readers. */
  children?: ComponentChildren;
  icon?: IconName;
  items: readonly MenuItem[];
  class?: string;
  up?: boolean;
}

export function Menu({ label, children, icon = "more", items, class: kind = "quiet", up }: Props) {
  const [open, setOpen] = useState(false);
  const id = useUniqueId();
  const button = useRef<HTMLButtonElement>(null);
  const menu = useRef<HTMLDivElement>(null);
  const close = (giveBack: boolean) => {
    setOpen(false);
    if (giveBack) button.current?.focus();
  };
  useEffect(() => {
    if (!open) return undefined;
    options(menu.current)[0]?.focus();
    const outside = (event: Event) => {
      if (event.target instanceof Node && !menu.current?.parentElement?.contains(event.target)) close(false);
    };
    document.addEventListener("pointerdown", outside);
    document.addEventListener("focusin", outside);
    return () => {
      document.removeEventListener("pointerdown", outside);
      document.removeEventListener("focusin", outside);
    };
  }, [open]);
  return (
    <div class="menu-place">
      <button
        ref={button}
        type="button"
        class={children ? kind : `${kind} icon-only`}
        aria-haspopup="menu"
        aria-expanded={open}
        aria-controls={open ? id : undefined}
        aria-label={children ? undefined : label}
        title={children ? undefined : label}
        onClick={() => setOpen(!open)}
      >
        {children ?? <Icon name={icon} />}
      </button>
      {open && (
        <div ref={menu} id={id} class={up ? "menu up" : "menu"} role="menu" aria-label={label} onKeyDown={(event) => move(event, menu.current, close)}>
          {items.map((item) => (
            <button
              key={item.label}
              type="button"
              role={item.checked === undefined ? "menuitem" : "menuitemradio"}
              aria-checked={item.checked}
              tabIndex={-1}
              class={item.danger ? "menu-item danger-text" : "menu-item"}
              onClick={() => {
                close(true);
                item.run();
              }}
            >
              {item.icon && <Icon name={item.icon} />}
              <span>{item.label}</span>
              {item.checked && <Icon name="check" class="small" />}
              {item.keys && <kbd aria-hidden="true">{item.keys}</kbd>}
            </button>
          ))}
        </div>
      )}
    </div>
  );
}

const options = (menu: HTMLElement | null): HTMLElement[] => [...(menu?.querySelectorAll<HTMLElement>(".menu-item") ?? [])];

function move(event: KeyboardEvent, menu: HTMLElement | null, close: (giveBack: boolean) => void): void {
  const all = options(menu);
  const at = all.indexOf(document.activeElement as HTMLElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1 + all.length, Home: 0, End: all.length - 1 }[event.key];
  if (to !== undefined) all[to % all.length]?.focus();
  else if (event.key === "Escape") close(true);
  else if (event.key === "Tab") {
    close(false);
    return;
  } else if (event.key.length === 1 && /\S/.test(event.key)) {
    const begins = (one: HTMLElement) => one.textContent.trim().toLowerCase().startsWith(event.key.toLowerCase());
    [...all.slice(at + 1), ...all.slice(0, at + 1)].find(begins)?.focus();
  } else return;
  event.preventDefault();
  event.stopPropagation();
}
