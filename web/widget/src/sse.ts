/** Parser of `text/event-stream`, for streams that are read by fetch because EventSource can send no token. */

export interface StreamEvent {
  event: string;
  data: string;
  id: string;
}

const LONGEST = 1_000_000;

export class EventStreamParser {
  #rest = "";
  #event = "";
  #data: string[] = [];
  #size = 0;
  #id = "";

  /** Takes the next piece, cut anywhere, and returns the events it completes. */
  push(piece: string): StreamEvent[] {
    const text = this.#rest + piece;
    // A CR at the very end may be the first half of CRLF: it waits for the next piece.
    const end = text.endsWith("\r") ? text.length - 1 : text.length;
    const lines = text.slice(0, end).split(/\r\n|\r|\n/);
    this.#rest = (lines.pop() ?? "") + text.slice(end);
    if (this.#rest.length > LONGEST) throw new Error("A line of the event stream has no end.");
    return lines.flatMap((line) => this.#line(line));
  }

  #line(line: string): StreamEvent[] {
    if (line === "") return this.#dispatch();
    const colon = line.indexOf(":");
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (field === "event") this.#event = value;
    else if (field === "data") this.#add(value);
    else if (field === "id") this.#id = value;
    return [];
  }

  #add(value: string): void {
    this.#data.push(value);
    this.#size += value.length;
    if (this.#size > LONGEST) throw new Error("An event of the stream has no end.");
  }

  #dispatch(): StreamEvent[] {
    const [event, data, id] = [this.#event, this.#data, this.#id];
    this.#event = "";
    this.#data = [];
    this.#size = 0;
    return data.length ? [{ event: event || "message", data: data.join("\n"), id }] : [];
  }
}
