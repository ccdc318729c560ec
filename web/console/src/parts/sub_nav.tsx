/** The views of one page, as links below its title. */

import { Link, useLocation } from "wouter-preact";

export interface View {
  href: string;
  title: string;
}

export function SubNav({ label, views }: { label: string; views: readonly View[] }) {
  const [location] = useLocation();
  // The longest address that fits: "/reviews" is the beginning of them all.
  const fits = views.filter((one) => location === one.href || location.startsWith(`${one.href}/`));
  const current = fits.sort((a, b) => b.href.length - a.href.length)[0];
  return (
    <nav class="sub-nav" aria-label={label}>
      <ul>
        {views.map((one) => (
          <li key={one.href}>
            <Link href={one.href} aria-current={one === current ? "page" : undefined}>
              {one.title}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
