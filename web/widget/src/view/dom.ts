/** Building elements. Text becomes text nodes; nothing here or elsewhere turns a string into markup. */

export type Child = Node | string | null | undefined | false;
export type Props = Record<string, string | number | boolean | null | undefined | ((event: Event) => void)>;

/** `on…` keys are listeners; `true` sets an empty attribute; `null`, `undefined` and `false` leave it out. */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  props: Props = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (typeof value === "function") element.addEventListener(name.slice(2), value);
    else if (value !== null && value !== undefined && value !== false) {
      element.setAttribute(name, value === true ? "" : String(value));
    }
  }
  element.append(...children.filter((child): child is Node | string => Boolean(child)));
  return element;
}

/** Outlines on a grid of 24, drawn for this widget. */
const ICONS = {
  chat: "M12 4c-5 0-8.5 3.1-8.5 7.2 0 2.3 1.1 4.2 2.9 5.5L5.6 20l4-1.9c.8.2 1.6.3 2.4.3 5 0 8.5-3.1 8.5-7.2S17 4 12 4z",
  close: "M6 6l12 12M18 6L6 18",
  send: "M4.5 12L20 4.5 14.5 20l-3-6.5-7-1.5zM11.5 13.5L20 4.5",
  attach: "M19 11.5l-7.4 7.3a4.6 4.6 0 0 1-6.5-6.5l7.7-7.6a3.1 3.1 0 0 1 4.4 4.4l-7.6 7.5a1.6 1.6 0 0 1-2.2-2.2l6.7-6.7",
  more: "M5.5 12h.01M12 12h.01M18.5 12h.01",
  person: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.5 20c.8-3.6 3.8-5.5 7.5-5.5s6.7 1.9 7.5 5.5",
  bot: "M6.5 8.5h11a2 2 0 0 1 2 2v7a2 2 0 0 1-2 2h-11a2 2 0 0 1-2-2v-7a2 2 0 0 1 2-2zM12 8.5V5M9 13.2v1.3M15 13.2v1.3M10.8 4.5h2.4",
  file: "M7 3.5h7l4 4V20.5H7zM14 3.5v4h4M10 12.5h5M10 16h5",
  down: "M12 5v14M6 13.5l6 6 6-6",
  book: "M5 5.5c2.5-1 5-.8 7 .8 2-1.6 4.5-1.8 7-.8v13c-2.5-1-5-.8-7 .8-2-1.6-4.5-1.8-7-.8zM12 6.3v13",
  star: "M12 3.8l2.5 5.3 5.7.8-4.100 4.100 1 5.8-5.100-2.8-5.100 2.8 1-5.8-4.100-4.100 5.7-.8z",
  chevron: "M9.5 6l6 6-6 6",
};

export type IconName = keyof typeof ICONS;

const SVG = "http://www.w3.org/2000/svg";

export function icon(name: IconName): SVGSVGElement {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", `icon icon-${name}`);
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

export function iconButton(name: IconName, label: string, onclick: () => void, props: Props = {}): HTMLButtonElement {
  return h("button", { type: "button", class: "icon-button", "aria-label": label, title: label, onclick, ...props }, icon(name));
}

/** Rebuilds what it holds only when the signature changes, and keeps the focus on the element of the same `data-k`. */
export class Region<E extends HTMLElement = HTMLElement> {
  #signature: string | null = null;

  readonly #focusLost: () => void = () => undefined;

  constructor(
    readonly element: E,
    focusLost: () => void = () => undefined,
  ) {
    this.#focusLost = focusLost;
  }

  show(signature: string, build: () => Child[]): void {
    if (signature === this.#signature) return;
    this.#signature = signature;
    const focused = this.element.querySelector<HTMLElement>(":focus");
    this.element.replaceChildren(...build().filter((child): child is Node | string => Boolean(child)));
    this.element.hidden = !this.element.hasChildNodes();
    if (!focused) return;
    const same = focused.dataset.k && this.element.querySelector<HTMLElement>(`[data-k="${focused.dataset.k}"]`);
    if (same) same.focus();
    else this.#focusLost();
  }
}
