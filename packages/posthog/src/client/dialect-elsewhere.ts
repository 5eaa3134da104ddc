/**
 * Not here: PostHog's dialect, which a native client takes. Throws.
 *
 * @deprecated `import { posthog } from "@sortition/posthog/dialect"`
 */
export function posthog(..._given: readonly unknown[]): never {
  throw new Error('posthog() is in "@sortition/posthog/dialect", not in "@sortition/posthog"');
}
