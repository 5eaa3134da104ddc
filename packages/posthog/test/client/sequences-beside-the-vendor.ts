import type { AsyncLocalStorage } from "node:async_hooks";
import { CoverageCounts, Random } from "@sortition/dialect-kit/differential";
import { PostHog as VendorPostHog } from "posthog-node";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { PostHog, type PostHogOptions } from "../../src/index.js";
import { FlagServer } from "./flag-server.js";
import { generateSequence, OPTION_NAMES, STEP_NAMES, type Step } from "./sequences.js";

const flag = (key: string, filters: object, more: object = {}): object => ({
  id: 7,
  key,
  active: true,
  filters,
  ...more,
});
const DEFINITIONS = {
  flags: [
    flag("on", { groups: [{}] }),
    flag("off", {}, { active: false }),
    flag("variant", {
      groups: [{}],
      multivariate: { variants: [{ key: "blue", rollout_percentage: 100 }] },
    }),
  ],
  group_type_mapping: {},
  cohorts: {},
};
const REMOTE = {
  requestId: "r",
  flags: { on: { key: "on", enabled: true, variant: "red", metadata: { id: 1, version: 2 } } },
};

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/g;
const GIVEN_UUID = "01a1fa73-e699-7105-91c7-f8ce79aa27aa";

/** Sorts properties, because the vendor evaluates flags concurrently and orders them by completion. */
function inOrder(properties: Record<string, unknown>): object {
  const keys = Object.keys(properties);
  const flags = keys.filter((key) => key.startsWith("$feature/")).sort();
  const rest = keys.filter((key) => !key.startsWith("$feature/"));
  return Object.fromEntries([...flags, ...rest].map((key) => [key, properties[key]]));
}

/**
 * Disables the context store of a vendor's client. Before Node 24, each store that was entered slows down every promise
 * of the process, and each client keeps one. With hundreds of them, this file and later ones in the same process would
 * take twice as long.
 */
function releaseContexts(client: VendorPostHog): void {
  const { context } = client as unknown as { context: { storage: AsyncLocalStorage<unknown> } };
  context.storage.disable();
}

/** Returns the text of all requests, without identifiers, times and the library version. */
async function requestsOf(
  create: (options: PostHogOptions) => PostHog,
  options: PostHogOptions,
  steps: readonly Step[],
): Promise<string> {
  const server = new FlagServer({ definitions: DEFINITIONS, flags: REMOTE });
  const client = create({
    disableCompression: true,
    flushAt: 1_000,
    flushInterval: 0,
    featureFlagsPollingInterval: null,
    fetch: server.fetch,
    ...options,
  });
  if (options.personalApiKey !== undefined) await client.waitForLocalEvaluationReady(20_000);
  for (const { run } of steps) {
    // Without a separate task, an entered context would persist.
    await new Promise<void>((resolve, reject) => {
      setImmediate(() => Promise.resolve(run(client)).then(() => resolve(), reject));
    });
  }
  await client.flush();
  await client.shutdown(20_000);
  if (client instanceof VendorPostHog) releaseContexts(client);
  const year = String(new Date().getUTCFullYear());
  const text = JSON.stringify(server.requests, (key, value: unknown) => {
    if (key === "sortition_version") return undefined;
    if (key === "sent_at") return "-";
    if (/^\$feature_flag_(evaluated|definitions_loaded)_at$/.test(key)) return "now";
    if (key === "timestamp" && String(value).startsWith(year)) return "now";
    return key === "properties" ? inOrder(value as Record<string, unknown>) : value;
  });
  return text.replaceAll(GIVEN_UUID, "given").replace(UUID, "uuid");
}

/** Declares the comparison of this many sequences. */
export function describeSequences(count: number, seed: number): void {
  describe(`${count} generated sequences of calls (SORTITION_SEED=${seed})`, () => {
    beforeAll(() => {
      for (const level of ["warn", "error"] as const) {
        vi.spyOn(console, level).mockImplementation(() => {});
      }
    });
    afterAll(() => void vi.restoreAllMocks());

    it("cause the same requests as with the vendor's, byte for byte", async () => {
      const random = new Random(seed);
      const counts = new CoverageCounts({ steps: STEP_NAMES, options: OPTION_NAMES });
      for (let i = 0; i < count; i++) {
        const { kind, options, steps } = generateSequence(random);
        counts.add("options", kind);
        counts.addAll(
          "steps",
          steps.map(({ name }) => name),
        );
        const ours = await requestsOf((it) => new PostHog("phc_key", it), options, steps);
        const theirs = await requestsOf(
          (it) => new VendorPostHog("phc_key", it as never) as never,
          options,
          steps,
        );
        const what = `sequence ${i}, ${kind}: ${steps.map(({ name }) => name).join(", ")}`;
        expect({ what, requests: ours }).toEqual({ what, requests: theirs });
      }
      process.stderr.write(`posthog sequences: ${count}\n${counts}\n`);
      expect(counts.missing).toEqual([]);
    }, 1_800_000);
  });
}
