import type { KeyValues } from "../src/shelf.ts";
import { Shelf } from "../src/shelf.ts";
import { readItem } from "../src/reading.ts";
import type { Item } from "../src/wire.ts";

export class MemoryStorage implements KeyValues {
  readonly values = new Map<string, string>();
  full = false;

  get length(): number {
    return this.values.size;
  }

  key = (index: number) => [...this.values.keys()][index] ?? null;
  getItem = (key: string) => this.values.get(key) ?? null;
  removeItem = (key: string) => void this.values.delete(key);

  setItem(key: string, value: string): void {
    if (this.full) throw new Error("QuotaExceededError");
    this.values.set(key, value);
  }
}

export const shelf = (storage: KeyValues | null = new MemoryStorage()) => new Shelf("t:", storage);
export const item = (position: number, more: Partial<Item> = {}) => readItem({ id: `i${position}`, position, text: "x", ...more });
