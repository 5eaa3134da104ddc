/**
 * Not here: Amplitude's dialect, which a native client takes. Throws.
 *
 * @deprecated `import { amplitude } from "@sortition/amplitude/dialect"`
 */
export function amplitude(..._given: readonly unknown[]): never {
  throw new Error(
    'amplitude() is in "@sortition/amplitude/dialect", not in "@sortition/amplitude"',
  );
}
