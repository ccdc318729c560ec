/**
 * What the widget says in one language. English is built in; other languages are files beside the script
 * (`widget/<language>.json`), fetched when they are wanted, or come from the page through `Frontdesk.addTexts`.
 */

import { english, type Texts } from "./english.ts";

/** Names of the files in `web/widget/texts`, put in by the build. */
declare const SHIPPED_LANGUAGES: readonly string[];

const PATIENCE = 4_000;
const RIGHT_TO_LEFT = /^(ar|dv|fa|he|ku|ps|sd|ug|ur|yi)\b/;
const known = new Map<string, Partial<Texts>>([["en", english]]);

/** Adds a language, or changes sentences of one. */
export function addTexts(language: string, texts: Partial<Texts>): void {
  const tag = language.toLowerCase();
  known.set(tag, { ...known.get(tag), ...texts });
}

/** The language for a tag such as `de-AT`; English where there is none, or where its file does not come in time. */
export function languageFor(tag: string, folder: string): Language | Promise<Language> {
  const wanted = [tag.toLowerCase(), tag.toLowerCase().split("-")[0] ?? ""];
  const name = wanted.find((each) => known.has(each) || SHIPPED_LANGUAGES.includes(each)) ?? "en";
  const made = () => new Language(name, tag.toLowerCase().startsWith(name) ? tag : name, known.get(name) ?? {});
  if (name === "en" || !SHIPPED_LANGUAGES.includes(name)) return made();
  return fetch(`${folder}/${name}.json`, { signal: AbortSignal.timeout(PATIENCE), credentials: "omit" })
    .then((answer) => answer.json())
    .then(
      (texts: Partial<Texts>) => {
        known.set(name, { ...texts, ...known.get(name) });
        return made();
      },
      () => (known.has(name) ? made() : new Language("en", "en", {})),
    );
}

export class Language {
  readonly direction: "ltr" | "rtl";
  /** A tag that `Intl` knows. */
  readonly locale: string;
  readonly #texts: Texts;

  constructor(name: string, tag: string, texts: Partial<Texts>) {
    this.#texts = { ...english, ...texts };
    this.direction = RIGHT_TO_LEFT.test(name) ? "rtl" : "ltr";
    this.locale = canonical(tag);
  }

  say(key: keyof Texts, values: Record<string, string | number> = {}): string {
    const number = (value: string | number) => (typeof value === "number" ? value.toLocaleString(this.locale) : value);
    return this.#texts[key].replace(/\{(\w+)\}/g, (whole, name: string) => (name in values ? number(values[name] ?? "") : whole));
  }

  minutes(seconds: number): string {
    const long = { style: "unit", unit: "minute", unitDisplay: "long" } as const;
    return new Intl.NumberFormat(this.locale, long).format(Math.max(1, Math.ceil(seconds / 60)));
  }

  bytes(size: number): string {
    const mega = size >= 1e6;
    const unit = mega ? "megabyte" : "kilobyte";
    const short = { style: "unit", unit, unitDisplay: "short", maximumFractionDigits: mega ? 1 : 0 } as const;
    return new Intl.NumberFormat(this.locale, short).format(Math.max(1, size / (mega ? 1e6 : 1e3)));
  }

  time(at: string): string {
    return this.#format(at, { hour: "numeric", minute: "2-digit" });
  }

  /** Today and yesterday by their names. */
  day(at: string, now = new Date()): string {
    const date = new Date(at);
    const ago = Math.round((new Date(now).setHours(0, 0, 0, 0) - date.setHours(0, 0, 0, 0)) / 86_400_000);
    if (ago === 0 || ago === 1) {
      const name = new Intl.RelativeTimeFormat(this.locale, { numeric: "auto" }).format(-ago, "day");
      return name.charAt(0).toLocaleUpperCase(this.locale) + name.slice(1);
    }
    return this.#format(at, { weekday: "long", day: "numeric", month: "long" });
  }

  #format(at: string, how: Intl.DateTimeFormatOptions): string {
    const date = new Date(at);
    return Number.isNaN(date.getTime()) ? "" : new Intl.DateTimeFormat(this.locale, how).format(date);
  }
}

function canonical(tag: string): string {
  try {
    return Intl.getCanonicalLocales(tag)[0] ?? "en";
  } catch {
    return "en";
  }
}
