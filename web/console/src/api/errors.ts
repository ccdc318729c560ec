/** What can go wrong between the console and the server. Every message is a sentence for people. */

/** The server answered, and refused; `type` is one of console-api's (`stale_version`, `forbidden`, …). */
export class Refused extends Error {
  constructor(
    readonly status: number,
    readonly type: string,
    message: string,
    readonly requestId: string | null = null,
    /** Seconds. */
    readonly retryAfter: number | null = null,
    /** What else the error body said, for example `by`. */
    readonly details: Readonly<Record<string, unknown>> = {},
  ) {
    super(message);
    this.name = "Refused";
  }
}

/** No answer: no network, or nothing listens. Whether the server did it is unknown. */
export class Unreachable extends Error {
  constructor(cause?: unknown) {
    super("The server cannot be reached. Check your connection and try again.", { cause });
    this.name = "Unreachable";
  }
}

/** A sentence for whatever was thrown. */
export function sentence(error: unknown): string {
  if (error instanceof Refused || error instanceof Unreachable) return error.message;
  return "Something went wrong here. Try again; reload the page if it stays.";
}

export function isType(error: unknown, ...types: string[]): error is Refused {
  return error instanceof Refused && types.includes(error.type);
}
