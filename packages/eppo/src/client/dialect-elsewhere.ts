/**
 * Not here: Eppo's dialect, which a native client takes. Throws.
 *
 * @deprecated `import { eppo } from "@sortition/node"`
 */
export function eppo(..._given: readonly unknown[]): never {
  throw new Error('eppo() is not here: import { eppo } from "@sortition/node"');
}
