import { inspectAs } from "@sortition/core/internal";
import { defineInner } from "../inner.js";
import type { ExperimentUser } from "../user.js";
import { type Variant, type Variants, withoutDefaults } from "../variant.js";
import type { RemoteEvaluationConfig } from "./config.js";
import { RemoteEvaluation } from "./evaluation.js";
import type { FetchOptions } from "./request.js";

/**
 * Evaluates flags for a user on the vendor's servers.
 *
 * Requests run concurrently over connections that are kept alive. A failed request is retried with
 * growing delays. If all tries fail, the first error is thrown.
 */
export class RemoteEvaluationClient {
  declare private readonly inner: RemoteEvaluation;

  /**
   * @param apiKey - a deployment key. An empty key is reported by the first fetch.
   * @throws OptionError for an invalid value of an option that the vendor's SDK does not have.
   */
  constructor(apiKey: string, options: RemoteEvaluationConfig = {}) {
    // The vendor's SDK accepts null too.
    const inner = new RemoteEvaluation(apiKey, options ?? {});
    defineInner(this, inner);
    inspectAs(this, "RemoteEvaluationClient", () => inner.view());
  }

  /**
   * Evaluates flags for a user. A flag that assigns the user no variant returns its default
   * variant, whose `metadata.default` is true.
   *
   * @throws FetchError for a status other than 200, TimeoutError, NetworkError, ProtocolError;
   * OptionError if the key is empty.
   */
  async fetchV2(user: ExperimentUser, options?: FetchOptions): Promise<Record<string, Variant>> {
    return await this.inner.fetch(user, options);
  }

  /**
   * Like {@link fetchV2}, but without default variants, and returns `{}` if the request fails.
   *
   * @deprecated use `fetchV2`, which distinguishes a failure from an empty result.
   */
  async fetch(user: ExperimentUser, options?: FetchOptions): Promise<Variants> {
    try {
      return withoutDefaults(await this.fetchV2(user, options));
    } catch (error) {
      this.inner.log.error("[Experiment] Failed to fetch variants: ", error);
      return {};
    }
  }

  /**
   * Like {@link fetchV2}, but with a callback. The callback is called once, in a later turn: with
   * the variants, or with `{}` and the error. Errors that it throws are logged.
   */
  fetchAsyncV2(
    user: ExperimentUser,
    callback: (user: ExperimentUser, variants: Record<string, Variant>, error?: unknown) => void,
    options?: FetchOptions,
  ): void {
    this.fetchV2(user, options)
      .then(
        (variants) => callback(user, variants),
        (error: unknown) => callback(user, {}, error),
      )
      .catch((error: unknown) => this.inner.log.error("[Experiment] The callback failed: ", error));
  }
}

/** Old name of {@link RemoteEvaluationClient}. */
export class ExperimentClient extends RemoteEvaluationClient {}
