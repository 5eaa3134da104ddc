/** Options in which `null` means an absent member, like `None` in Python. */
export type Given<Options> = { readonly [Name in keyof Options]: Options[Name] | null };

/** Removes members that are `null` or `undefined`, so that their defaults apply. */
export function given<Options extends object>(
  options: Given<Options> | null | undefined,
): Partial<Options> {
  const entries = Object.entries(options ?? {});
  const present = entries.filter(([, value]) => value !== null && value !== undefined);
  return Object.fromEntries(present) as Partial<Options>; // a subset of the options
}
