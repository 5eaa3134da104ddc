/**
 * Throws an error that names the entry with GrowthBook's dialect for native clients.
 *
 * @deprecated `import { growthbook } from "@sortition/growthbook/dialect"`
 */
export function growthbook(..._given: readonly unknown[]): never {
  throw new Error(
    'growthbook() is in "@sortition/growthbook/dialect", not in "@sortition/growthbook"',
  );
}
