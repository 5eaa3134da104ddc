/**
 * Not here: GrowthBook's dialect, which a native client takes. Throws.
 *
 * @deprecated `import { growthbook } from "@sortition/growthbook/dialect"`
 */
export function growthbook(..._given: readonly unknown[]): never {
  throw new Error(
    'growthbook() is not here: import { growthbook } from "@sortition/growthbook/dialect"',
  );
}
