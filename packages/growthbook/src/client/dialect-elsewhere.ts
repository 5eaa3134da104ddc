/**
 * Not here: GrowthBook's dialect, which a native client takes. Throws.
 *
 * @deprecated `import { growthbook } from "@sortition/growthbook/dialect"`
 */
export function growthbook(..._given: readonly unknown[]): never {
  throw new Error(
    'growthbook() is in "@sortition/growthbook/dialect", not in "@sortition/growthbook"',
  );
}
