import { OptionError, TimeoutError } from "@sortition/core/client";
import { type Clock, createClock } from "@sortition/core/source";
import { HttpTransport, sendByAgent, withDeadline } from "@sortition/node/transport";
import { parsedBody } from "../../origin/parsed-body.js";
import { pause } from "../../origin/pause.js";
import { warnOfRoute } from "../http-client.js";
import { createLog, type FacadeLog } from "../logging.js";
import { Mistakes } from "../mistakes.js";
import { warnOfUnknownOptions } from "../option-names.js";
import type { ExperimentUser } from "../user.js";
import { toVariants, type Variant, type Variants, withoutDefaults } from "../variant.js";
import { defineView } from "../view.js";
import {
  checkedSettings,
  REMOTE_OPTION_NAMES,
  type RemoteEvaluationConfig,
  type RemoteSettings,
} from "./config.js";
import { FetchError, isRetryable } from "./fetch-error.js";
import { type EvaluationRequest, evaluationRequest, type FetchOptions } from "./request.js";
import { Slots } from "./slots.js";

const MAX_BODY_BYTES = 64 * 1024 * 1024;

/**
 * Has the vendor's servers evaluate flags for a user.
 *
 * Requests run beside each other over connections that are kept alive. A failed request is tried again,
 * after growing delays; if all tries fail, the first error is thrown.
 *
 * @see docs/spec/amplitude.md
 */
export class RemoteEvaluationClient {
  readonly #apiKey: string;
  readonly #settings: RemoteSettings;
  readonly #log: FacadeLog;
  readonly #clock: Clock = createClock();
  readonly #transport: HttpTransport;
  readonly #slots: Slots;
  readonly #mistakes: Mistakes;
  #started = 0;
  #answered = 0;
  #ended = 0;
  #hasWarnedOfSize = false;

  /**
   * @param apiKey - a deployment key. An empty one is reported by the first fetch.
   * @throws OptionError for a bad value of an option that the vendor's SDK does not have.
   */
  constructor(apiKey: string, options: RemoteEvaluationConfig = {}) {
    // The vendor's SDK takes null, too.
    const config = options ?? {};
    const settings = checkedSettings(config);
    const { connections, acquireTimeoutMs } = settings;
    const { proxy, dispatcher, httpAgent } = config;
    this.#apiKey = apiKey;
    this.#settings = settings;
    this.#log = createLog(config);
    this.#mistakes = new Mistakes(this.#log);
    this.#transport = new HttpTransport({
      connections: null,
      proxy,
      dispatcher,
      send: httpAgent ? sendByAgent(httpAgent) : undefined,
    });
    if (httpAgent) warnOfRoute(config, "httpAgent", this.#log);
    this.#slots = new Slots(this.#clock, connections, acquireTimeoutMs);
    warnOfUnknownOptions(config, REMOTE_OPTION_NAMES, this.#log);
    defineView(this, "RemoteEvaluationClient", () => ({
      answered: this.#answered,
      failed: this.#ended - this.#answered,
      underWay: this.#started - this.#ended,
    }));
  }

  /**
   * Evaluates for a user. A flag that gives the user no variant has its default variant, whose
   * `metadata.default` is true.
   *
   * @throws FetchError for a status other than 200, TimeoutError, NetworkError, ProtocolError; OptionError
   * if the key is empty.
   */
  async fetchV2(user: ExperimentUser, options?: FetchOptions): Promise<Record<string, Variant>> {
    if (!this.#apiKey) {
      const hint = "is the environment variable that holds it set?";
      throw new OptionError("apiKey", `Experiment API key is empty: ${hint}`);
    }
    this.#log.debug("[Experiment] Fetching variants");
    const request = this.#requestOf(user, options);
    const { deadlineMs } = this.#settings;
    // Connections do not hold the process, but a caller waits for the answer.
    const release = this.#clock.setTimer(() => {}, HOLD_MS, { holdsProcess: true });
    this.#started += 1;
    try {
      const { signal } = new AbortController();
      const limits = { clock: this.#clock, timeoutMs: deadlineMs ?? 0, signal };
      const variants =
        deadlineMs === null
          ? await this.#tryAll(request, signal)
          : await withDeadline(limits, (ended) => this.#tryAll(request, ended));
      this.#answered += 1;
      this.#reportMissing(variants, options?.flagKeys);
      return variants;
    } finally {
      this.#ended += 1;
      release();
    }
  }

  /**
   * Like {@link fetchV2}, but without default variants, and `{}` if it fails.
   *
   * @deprecated use `fetchV2`, which tells a failure from an answer.
   */
  async fetch(user: ExperimentUser, options?: FetchOptions): Promise<Variants> {
    try {
      return withoutDefaults(await this.fetchV2(user, options));
    } catch (error) {
      this.#log.error("[Experiment] Failed to fetch variants: ", error);
      return {};
    }
  }

  /**
   * Like {@link fetchV2} with a callback, which is called once, in a later turn: with the variants, or
   * with `{}` and the error. What it throws is logged.
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
      .catch((error: unknown) => this.#log.error("[Experiment] The callback failed: ", error));
  }

  /** Flags that were asked for, and are not in the answer. */
  #reportMissing(variants: Readonly<Record<string, Variant>>, flagKeys: unknown): void {
    if (!flagKeys) return;
    if (!Array.isArray(flagKeys)) {
      this.#mistakes.flagKeys(flagKeys);
      return;
    }
    for (const key of flagKeys) {
      if (!Object.hasOwn(variants, key)) this.#mistakes.notAnswered(key);
    }
  }

  #requestOf(
    user: ExperimentUser | null | undefined,
    options: FetchOptions | null | undefined,
  ): EvaluationRequest {
    if (!user?.user_id || typeof user.user_id !== "string") this.#mistakes.user(user);
    const { serverUrl } = this.#settings;
    const request = evaluationRequest(serverUrl, this.#apiKey, user ?? {}, options ?? {});
    if (request.isLarge && !this.#hasWarnedOfSize) {
      this.#hasWarnedOfSize = true;
      this.#log.mistake("[Experiment] a user of more than 8000 bytes may be refused as a header");
    }
    return request;
  }

  async #tryAll(request: EvaluationRequest, signal: AbortSignal) {
    try {
      return await this.#try(request, this.#settings.timeoutMs, signal);
    } catch (error) {
      this.#log.error("[Experiment] Fetch failed: ", error);
      if (!isRetryable(error)) throw error;
      const variants = await this.#retry(request, error, signal);
      if (variants === null) throw error;
      return variants;
    }
  }

  /** Every failure is tried again here, as the vendor's SDK does. `null` if all tries fail. */
  async #retry(request: EvaluationRequest, first: unknown, signal: AbortSignal) {
    const { retries, retryTimeoutMs, backoff } = this.#settings;
    this.#log.debug("[Experiment] Retrying fetch");
    let delayMs = backoff.minMs;
    let last = first;
    for (let i = 0; i < retries; i++) {
      await pause(this.#clock, delayMs, signal);
      signal.throwIfAborted();
      try {
        return await this.#try(request, retryTimeoutMs, signal);
      } catch (error) {
        signal.throwIfAborted();
        this.#log.error("[Experiment] Retry failed: ", error);
        last = error;
      }
      delayMs = Math.min(delayMs * backoff.factor, backoff.maxMs);
    }
    this.#log.error("[Experiment] All retries failed: ", last);
    return null;
  }

  async #try(request: EvaluationRequest, timeoutMs: number, signal: AbortSignal) {
    if (timeoutMs === 0) throw new TimeoutError("request", 0);
    const { url, headers } = request;
    const response = await this.#slots.run(
      () =>
        withDeadline({ clock: this.#clock, timeoutMs, signal }, (ended) =>
          this.#transport.request({ url, headers, maxBodyBytes: MAX_BODY_BYTES, signal: ended }),
        ),
      signal,
    );
    if (response.status !== 200) throw new FetchError(response.status);
    const answer = parsedBody(response.body);
    this.#log.debug("[Experiment] Fetched variants");
    return toVariants(answer);
  }
}

/** Longer than all tries take; the timer is cancelled when they end. */
const HOLD_MS = 2 ** 31 - 1;

/** Former name of {@link RemoteEvaluationClient}. */
export class ExperimentClient extends RemoteEvaluationClient {}
