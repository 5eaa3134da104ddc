import { type Client, type TypedClient, typed as typedClient } from "@sortition/core";
import type { EvaluationDetails } from "@sortition/core/eppo";

/**
 * Returns the client, typed by its flags.
 *
 * ```ts
 * const flags = typed<AppFlags>(createClient({ apiKey }));
 * flags.getStringAssignment("test-checkout", "user-1", {}, "standard");
 * ```
 *
 * @typeParam Flags - see `TypedClient`. `sortition types` generates this type from a payload.
 */
export function typed<Flags>(
  client: Client<EvaluationDetails>,
): TypedClient<Flags, EvaluationDetails>;
/**
 * Returns the client of any dialect, typed by its flags.
 *
 * @typeParam Details - the client's details. TypeScript does not infer this type next to `Flags`.
 */
export function typed<Flags, Details extends object = object, Extras = unknown>(
  client: Client<Details, Extras>,
): TypedClient<Flags, Details, Extras>;
export function typed<Flags>(client: Client): TypedClient<Flags> {
  return typedClient<Flags>(client);
}
