/** The version of a model or a prompt: a long hash is cut, and the whole stands in its title. */

export const shortVersion = (name: string): string => (/^[0-9a-f]{16,}$/.test(name) ? name.slice(0, 8) : name);

export function Version({ name }: { name: string }) {
  return <code title={name}>{shortVersion(name)}</code>;
}
