/**
 * Throws, because Eppo's dialect for the native client is in another package.
 *
 * @deprecated `import { eppo } from "@sortition/node"`
 */
export function eppo(..._given: readonly unknown[]): never {
  throw new Error('eppo() is in "@sortition/node", not in "@sortition/eppo"');
}
