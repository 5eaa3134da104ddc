/**
 * Throws an error that names the entry with PostHog's dialect for native clients.
 *
 * @deprecated `import { posthog } from "@sortition/posthog/dialect"`
 */
export function posthog(..._given: readonly unknown[]): never {
  throw new Error('posthog() is in "@sortition/posthog/dialect", not in "@sortition/posthog"');
}
