/** What stands in the composer's place once the conversation has ended: rating, transcript, start again. */

import type { View } from "./context.ts";
import { type Child, h, icon, Region } from "./dom.ts";

export class Ending {
  readonly #region: Region;

  readonly #view: View;
  readonly #saveTranscript: () => void;
  readonly #startAgain: () => void;

  constructor(
    view: View,
    saveTranscript: () => void,
    startAgain: () => void,
  ) {
    this.#view = view;
    this.#saveTranscript = saveTranscript;
    this.#startAgain = startAgain;
    this.#region = new Region(h("div", { class: "ending", hidden: true }), () => view.refocus());
  }

  get element(): HTMLElement {
    return this.#region.element;
  }

  update(): void {
    const { session } = this.#view;
    const closed = session.conversation?.state === "closed";
    const rating = session.config?.features.rating ? (session.rated ? "thanks" : "ask") : "none";
    this.#region.show(closed ? rating : "", () => (closed ? this.#build(rating) : []));
  }

  #build(rating: "thanks" | "ask" | "none"): Child[] {
    const { language } = this.#view;
    const look = rating === "ask" ? "choice" : "primary"; // one thing at a time
    const again = h("button", { type: "button", class: look, "data-k": "again", onclick: this.#startAgain }, language.say("restart"));
    const save = h("button", { type: "button", class: "choice", onclick: this.#saveTranscript }, language.say("transcript"));
    return [
      h("p", { class: "ended" }, language.say("closed")),
      rating === "ask" && this.#ratingForm(),
      rating === "thanks" && h("p", { class: "thanks" }, language.say("rateThanks")),
      h("div", { class: "ending-row" }, again, save),
    ];
  }

  #ratingForm(): HTMLElement {
    const { language, session } = this.#view;
    const word = h("span", { class: "quiet", "aria-hidden": "true" });
    const comment = h("textarea", { rows: 2, maxlength: 1000, "aria-label": language.say("comment"), placeholder: language.say("comment") });
    const more = h("div", { class: "rate-more", hidden: true }, comment, h("button", { class: "primary" }, language.say("rateSend")));
    let score = 0;
    const stars = ([1, 2, 3, 4, 5] as const).map((value) => {
      const name = language.say(`rating${value}`);
      const onchange = () => {
        score = value;
        word.textContent = name;
        more.hidden = false;
      };
      return h("label", { title: name }, h("input", { type: "radio", name: "score", value, "aria-label": name, onchange }), icon("star"));
    });
    const onsubmit = (event: Event) => {
      event.preventDefault();
      void this.#view.attempt(session.rate(score, comment.value.trim()));
    };
    const fieldset = h("fieldset", {}, h("legend", {}, language.say("rate")), h("div", { class: "stars" }, ...stars, word));
    return h("form", { class: "rating", onsubmit }, fieldset, more);
  }
}
