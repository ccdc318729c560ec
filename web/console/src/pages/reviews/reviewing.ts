/** One transcript under review: what is there, which turn is looked at, and what can be said about it. */

import { signal } from "@preact/signals";
import { sentence } from "../../api/errors.ts";
import { api, me } from "../../api/index.ts";
import { announce, toast } from "../../shell/messages.ts";
import type { Comment, Judgement, Review, Row, State, Turn } from "./wire.ts";

export class Reviewing {
  readonly review = signal<Review | null>(null);
  readonly failed = signal<unknown>(null);
  /** Place in `turns`, not the turn's own index. */
  readonly at = signal(0);

  constructor(readonly id: string) {}

  async load(): Promise<void> {
    this.failed.value = null;
    try {
      this.review.value = await api.get<Review>(this.#path());
    } catch (error) {
      this.failed.value = error;
    }
  }

  get turns(): readonly Turn[] {
    return this.review.value?.turns ?? [];
  }

  get current(): Turn | undefined {
    return this.turns[this.at.value];
  }

  look(at: number): void {
    this.at.value = Math.max(0, Math.min(this.turns.length - 1, at));
  }

  /** A turn of live teaching, or a judged one in its place. */
  put(turn: Turn): void {
    const review = this.review.value;
    if (!review) return;
    const known = review.turns.some((one) => one.index === turn.index);
    // A judged turn comes without what people said in it.
    const turns = known ? review.turns.map((one) => (one.index === turn.index ? { ...turn, agent: one.agent } : one)) : [...review.turns, turn];
    this.review.value = { ...review, turns };
  }

  judge(turn: Turn, judgement: Judgement, said: string): Promise<boolean> {
    return this.#try(async () => this.put(await api.put<Turn>(`${this.#path()}/turns/${turn.index}`, judgement)), said);
  }

  rate(turn: Turn, rating: -1 | 1): Promise<boolean> {
    const taken = turn.answer_rating === rating;
    return this.judge(turn, { answer_rating: taken ? null : rating }, taken ? "Rating taken back." : rating > 0 ? "Rated: a good answer." : "Rated: a bad answer.");
  }

  mark(turn: Turn): Promise<boolean> {
    const on = !isMarked(turn);
    return this.judge(turn, { mark: on }, on ? "Marked." : "Mark taken away.");
  }

  comment(turn: Turn | null, text: string): Promise<boolean> {
    return this.#try(async () => {
      const made = await api.post<Comment>(`${this.#path()}/comments`, turn ? { index: turn.index, text } : { text });
      const review = this.review.value;
      if (!review) return;
      if (turn) {
        const now = review.turns.find((one) => one.index === turn.index) ?? turn;
        this.put({ ...now, comments: [...now.comments, made] });
      } else this.review.value = { ...review, comments: [...review.comments, made] };
    }, "Comment kept.");
  }

  change(change: { state?: State; tags?: string[]; flagged?: boolean }, said: string): Promise<boolean> {
    return this.#try(async () => {
      const row = await api.put<Row>(this.#path(), change);
      if (this.review.value) this.review.value = { ...this.review.value, row };
    }, said);
  }

  scenario(signal?: AbortSignal): Promise<{ yaml: string }> {
    return api.get<{ yaml: string }>(`${this.#path()}/scenario`, {}, signal);
  }

  #path(): string {
    return `/reviews/${encodeURIComponent(this.id)}`;
  }

  /** What is done is seen on the page; it is spoken for those who do not see it. */
  async #try(run: () => Promise<void>, said: string): Promise<boolean> {
    try {
      await run();
      announce(said);
      return true;
    } catch (error) {
      toast(sentence(error), "bad");
      return false;
    }
  }
}

export const isMarked = (turn: Turn): boolean => turn.marks.some((one) => one.by === me.value?.account.name);
