/**
 * Not here: Eppo's dialect, which a native client takes. Throws.
 *
 * @deprecated `import { eppo } from "@sortition/node"`
 */
export function eppo(..._given: readonly unknown[]): never {
  throw new Error('eppo() is in "@sortition/node", not in "@sortition/eppo"');
}
