import { createHash } from "node:crypto";
import { PostHog } from "posthog-node";
import { afterAll, vi } from "vitest";
import type { LocalOutcome, LocalRequest } from "../ours.js";

afterAll(() => vi.restoreAllMocks());

/** The vendor's client with a payload. It sends no requests. */
export class Vendor {
  readonly #client: PostHog;

  constructor(text: string, evaluationContexts: readonly string[] = []) {
    this.#client = new PostHog("phc_key", {
      personalApiKey: "phx_key",
      featureFlagsPollingInterval: null,
      evaluationContexts: [...evaluationContexts],
      strictLocalEvaluation: true,
      fetch: async (url) => new Response(url.includes("/definitions") ? text : "{}") as never, // implements only part of the type
    });
    this.#client.on("error", () => {});
  }

  async load(): Promise<void> {
    vi.spyOn(console, "warn").mockImplementation(() => {});
    // It only computes SHA-1, for which Web Crypto would use a thread each time.
    vi.spyOn(crypto.subtle, "digest").mockImplementation(
      async (_, bytes) =>
        createHash("sha1")
          .update(bytes as Uint8Array)
          .digest() as never,
    );
    // Unlike `waitForLocalEvaluationReady`, this also resolves if it rejects the definitions.
    await this.#client.reloadFeatureFlags();
  }

  /** Returns the reasons for flags that it cannot decide. */
  async unresolved(request: Omit<LocalRequest, "flag">): Promise<Readonly<Record<string, string>>> {
    const { distinctId, ...options } = request;
    return (await this.#client.evaluateFlags(distinctId, options as object)).unresolvedFlags;
  }

  async evaluate(
    request: LocalRequest,
    unresolved: Readonly<Record<string, string>>,
  ): Promise<LocalOutcome> {
    const { distinctId, flag, ...options } = request;
    try {
      const result = await this.#client.getFeatureFlagResult(flag, distinctId, {
        ...(options as object),
        sendFeatureFlagEvents: false,
      });
      if (result === undefined) {
        const isKnown = Object.hasOwn(unresolved, flag);
        return { unresolved: isKnown ? (unresolved[flag] ?? null) : null };
      }
      const { enabled, payload, reasonCode, variant } = result;
      return {
        value: enabled ? (variant ?? true) : false,
        ...(payload === undefined ? {} : { payload }),
        ...(reasonCode === undefined ? {} : { reasonCode }),
      };
    } catch {
      return { throws: "SORTITION_EVALUATION" };
    }
  }
}
