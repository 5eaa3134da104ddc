/**
 * Throws, because Amplitude's dialect for the native client is in another entry point.
 *
 * @deprecated `import { amplitude } from "@sortition/amplitude/dialect"`
 */
export function amplitude(..._given: readonly unknown[]): never {
  throw new Error(
    'amplitude() is in "@sortition/amplitude/dialect", not in "@sortition/amplitude"',
  );
}
