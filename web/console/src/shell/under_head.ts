/** Tells the style sheet where the head of an open conversation ends: messages stand below it. */

import { useLayoutEffect } from "preact/hooks";

const NAME = "--under-head";

export function useUnderHead(head: { current: HTMLElement | null }): void {
  useLayoutEffect(() => {
    const page = document.documentElement;
    const measure = () => {
      const end = head.current?.getBoundingClientRect().bottom ?? 0;
      if (end > 0) page.style.setProperty(NAME, `${Math.round(end)}px`);
    };
    measure();
    // The head moves down when tabs take another row: that changes the height of what is around it, too.
    const observer = new ResizeObserver(measure);
    for (const place of [head.current, head.current?.parentElement]) if (place) observer.observe(place);
    return () => {
      observer.disconnect();
      page.style.removeProperty(NAME);
    };
  }, []);
}
