import { PostHog as VendorPostHog } from "posthog-node";
import type { ExceptionEntry } from "../../src/exceptions/exception-list.js";
import { PostHog, type PostHogOptions } from "../../src/index.js";

export type Create = (options: PostHogOptions) => PostHog;

export const OURS: Create = (options) => new PostHog("phc_key", options);
/** The vendor's client, which takes the same options. */
export const THEIRS: Create = (options) => new VendorPostHog("phc_key", options as never) as never;

/** The properties that tests read. */
export interface CapturedProperties {
  readonly $exception_list: readonly ExceptionEntry[];
  readonly $release_id?: string;
}

/**
 * Returns the received properties of the event that a client sends for a thrown value.
 *
 * @param given - further properties.
 */
export async function capturedProperties(
  create: Create,
  thrown: unknown,
  given?: Readonly<Record<string, unknown>>,
): Promise<CapturedProperties> {
  const bodies: string[] = [];
  const client = create({
    disableCompression: true,
    fetch: async (_, options) => {
      bodies.push(String(options.body));
      return { status: 200, text: async () => "", json: async () => ({}), headers: new Headers() };
    },
  });
  await client.captureExceptionImmediate(thrown, "alice", given);
  await client.shutdown();
  const [event] = bodies.flatMap((it) => JSON.parse(it).batch ?? []);
  return event.properties;
}
