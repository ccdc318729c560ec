/** The browser's storage under one prefix; memory where it is forbidden or full, so that the chat works all the same. */

export interface KeyValues {
  readonly length: number;
  key(index: number): string | null;
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

export class Shelf {
  readonly #memory = new Map<string, string>();

  readonly #prefix: string;
  readonly #storage: KeyValues | null;

  constructor(
    prefix: string,
    storage: KeyValues | null,
  ) {
    this.#prefix = prefix;
    this.#storage = storage;
  }

  get<T>(name: string): T | null {
    const text = this.#memory.get(name) ?? this.#guarded((storage) => storage.getItem(this.#prefix + name));
    try {
      return text ? (JSON.parse(text) as T) : null;
    } catch {
      return null;
    }
  }

  set(name: string, value: unknown): void {
    const text = JSON.stringify(value);
    const kept = this.#guarded((storage) => {
      storage.setItem(this.#prefix + name, text);
      return true;
    });
    if (kept) this.#memory.delete(name);
    else this.#memory.set(name, text);
  }

  remove(name: string): void {
    this.#memory.delete(name);
    this.#guarded((storage) => storage.removeItem(this.#prefix + name));
  }

  /** Names that begin with `start`, in order. */
  names(start: string): string[] {
    const found = new Set(this.#memory.keys());
    this.#guarded((storage) => {
      for (let index = 0; index < storage.length; index++) {
        const key = storage.key(index);
        if (key?.startsWith(this.#prefix)) found.add(key.slice(this.#prefix.length));
      }
    });
    return [...found].filter((name) => name.startsWith(start)).sort();
  }

  #guarded<T>(use: (storage: KeyValues) => T): T | null {
    try {
      return this.#storage && use(this.#storage);
    } catch {
      return null;
    }
  }
}

/** `localStorage` or `sessionStorage`; a page in a sandbox may not even name them. */
export function browserStorage(kind: "localStorage" | "sessionStorage"): KeyValues | null {
  try {
    return window[kind];
  } catch {
    return null;
  }
}
