/** Files that are being added to the next message. */

import type { Attachment } from "../wire.ts";
import type { View } from "./context.ts";
import { h, icon, iconButton } from "./dom.ts";

interface Upload {
  file: File;
  stored: Attachment | null;
  problem: string;
}

export class Uploads {
  readonly element = h("ul", { class: "uploads", hidden: true });
  #uploads: Upload[] = [];

  readonly #view: View;
  readonly #changed: () => void;

  constructor(
    view: View,
    changed: () => void,
  ) {
    this.#view = view;
    this.#changed = changed;
  }

  get ready(): Attachment[] {
    return this.#uploads.flatMap((upload) => upload.stored ?? []);
  }

  get busy(): boolean {
    return this.#uploads.some((upload) => !upload.stored && !upload.problem);
  }

  add(files: readonly File[]): void {
    for (const file of files) {
      const upload: Upload = { file, stored: null, problem: this.#refusal(file) };
      this.#uploads.push(upload);
      if (upload.problem) this.#view.announce(upload.problem);
      else void this.#send(upload);
    }
    this.#draw();
  }

  /** Hands over what is stored and begins anew. */
  take(): Attachment[] {
    const { ready } = this;
    this.#uploads = [];
    this.#draw();
    return ready;
  }

  #refusal(file: File): string {
    const { language, session } = this.#view;
    const { attachment_bytes: most = 0, attachment_types: types = [] } = session.config?.limits ?? {};
    if (most && file.size > most) return language.say("fileTooBig", { name: file.name, size: language.bytes(most) });
    // The server looks into the file; this only spares the upload.
    return types.length && file.type && !types.includes(file.type) ? language.say("fileType", { name: file.name }) : "";
  }

  async #send(upload: Upload): Promise<void> {
    try {
      upload.stored = await this.#view.session.attach(upload.file);
    } catch {
      upload.problem = this.#view.say("fileFailed", { name: upload.file.name });
      this.#view.announce(upload.problem);
    }
    this.#draw();
  }

  #draw(): void {
    const { language } = this.#view;
    this.element.hidden = !this.#uploads.length;
    const rows = this.#uploads.map((upload) => {
      const { name } = upload.file;
      const words = upload.problem || (upload.stored ? name : language.say("uploading", { name }));
      const remove = iconButton("close", language.say("remove", { name }), () => {
        this.#uploads = this.#uploads.filter((other) => other !== upload);
        this.#draw();
        this.#view.refocus();
      });
      const state = upload.problem ? "bad" : upload.stored ? "" : "busy";
      return h("li", { class: state }, icon("file"), h("span", { dir: "auto" }, words), remove);
    });
    this.element.replaceChildren(...rows);
    this.#changed();
  }
}
