/** Which addresses a message may lead to, and which pictures may be fetched without being asked for. */

const LONGEST = 2000;

function parsed(address: string, page: string): URL | null {
  // Browsers drop tabs and line breaks inside an address, so "java\nscript:" must not get this far.
  if (address.length > LONGEST || /[\u0000-\u0020\u007f\\]/.test(address)) return null;
  try {
    return new URL(address, page);
  } catch {
    return null;
  }
}

/** The address to follow, or null: https, mailto, tel, and the website's own pages; nobody's name before an @. */
export function safeLink(address: string, page: string): string | null {
  const url = parsed(address, page);
  if (!url || url.username || url.password) return null;
  const allowed = ["https:", "mailto:", "tel:"].includes(url.protocol) || isHttpOf(url, [page]);
  return allowed ? url.href : null;
}

/** A picture of the website, of the chat's server, or of a host that the website names; others would tell on the customer. */
export function safePicture(address: string, page: string, server: string, hosts: readonly string[]): string | null {
  const url = parsed(address, page);
  if (!url || url.username || url.password) return null;
  const named = url.protocol === "https:" && hosts.includes(url.hostname);
  return named || isHttpOf(url, [page, server]) ? url.href : null;
}

/** Whether a link's words promise another host than it leads to. */
export function misleads(label: string, href: string): boolean {
  const promised = /^\s*(?:https?:\/\/|www\.)?([a-z0-9-]+(?:\.[a-z0-9-]+)+)/i.exec(label)?.[1]?.toLowerCase();
  if (!promised || !/^https?:/.test(href)) return false;
  const strip = (host: string) => host.toLowerCase().replace(/^www\./, "");
  return strip(promised) !== strip(new URL(href).hostname);
}

/** A shown address in the pieces between which a line may end: after its slashes, not inside a number. */
export const addressPieces = (label: string): string[] => (/^https?:\/\/\S+$/.test(label) ? label.split(/(?<=[^:/]\/)/) : [label]);

function isHttpOf(url: URL, addresses: readonly string[]): boolean {
  return /^https?:$/.test(url.protocol) && addresses.some((address) => new URL(address).origin === url.origin);
}
