import { OptionError, TimeoutError } from "@sortition/core";
import {
  type Clock,
  createClock,
  holdProcess,
  MAX_DELAY_MS,
  pause,
} from "@sortition/core/internal";
import { type HttpTransport, withAbortDeadline } from "@sortition/node/internal";
import { type ClientLog, createLog } from "../../messages/logging.js";
import { warnOfUnknownOptions } from "../../messages/option-names.js";
import { parsedBody } from "../../source/parsed-body.js";
import { Slots } from "../../source/slots.js";
import { warnOfRoute } from "../http-client.js";
import { type ObservedFlags, observedFlags } from "../observed-flags.js";
import { TakenValues } from "../taken-values.js";
import type { ExperimentUser } from "../user.js";
import { toVariants, type Variant } from "../variant.js";
import {
  checkedSettings,
  REMOTE_OPTION_NAMES,
  type RemoteEvaluationConfig,
  type RemoteSettings,
} from "./config.js";
import { failureHint, lateHint } from "./failure-hint.js";
import { FetchError, isRetryable } from "./fetch-error.js";
import { type EvaluationRequest, evaluationRequest, type FetchOptions } from "./request.js";
import { transportOf } from "./transport.js";

const MAX_BODY_BYTES = 64 * 1024 * 1024;

/** Shared by all clients. */
const CLOCK: Clock = createClock();

/**
 * Implements `RemoteEvaluationClient`. A separate class, because private names are not accessible
 * through a `Proxy`.
 */
export class RemoteEvaluation {
  readonly #apiKey: string;
  readonly #settings: RemoteSettings;
  readonly log: ClientLog;
  readonly #transport: HttpTransport;
  readonly #slots: Slots;
  readonly #observed: ObservedFlags | null;
  #started = 0;
  #answered = 0;
  #ended = 0;
  #hasWarnedOfSize = false;

  constructor(apiKey: string, config: RemoteEvaluationConfig) {
    this.log = createLog(config);
    const settings = checkedSettings(config, new TakenValues(this.log));
    const { connections, acquireTimeoutMs } = settings;
    this.#apiKey = apiKey;
    this.#settings = settings;
    this.#observed = observedFlags(config, this.log);
    this.#transport = transportOf(config);
    if (config.httpAgent) warnOfRoute(config, "httpAgent", this.log);
    this.#slots = new Slots(CLOCK, connections, acquireTimeoutMs);
    warnOfUnknownOptions(config, REMOTE_OPTION_NAMES, this.log);
  }

  /** Content shown by `console.log`. */
  view(): object {
    return {
      answered: this.#answered,
      failed: this.#ended - this.#answered,
      underWay: this.#started - this.#ended,
    };
  }

  /** See `RemoteEvaluationClient.fetchV2`. */
  async fetch(user: ExperimentUser, options?: FetchOptions): Promise<Record<string, Variant>> {
    if (!this.#apiKey) {
      const hint = "is the environment variable that holds it set?";
      throw new OptionError("apiKey", `Experiment API key is empty: ${hint}`);
    }
    this.log.debug("[Experiment] Fetching variants");
    // Read now, because later it is unknown whether an observer made the call.
    const observed = this.#observed?.isCalling === false ? this.#observed : null;
    const request = this.#requestOf(user, options);
    const { deadlineMs } = this.#settings;
    const hint = lateHint(request.url);
    // Connections do not keep the process alive, but a caller is waiting for the response. The
    // timer is cancelled when the tries end.
    const release = holdProcess(CLOCK, MAX_DELAY_MS);
    this.#started += 1;
    try {
      const { signal } = new AbortController();
      const limits = { clock: CLOCK, timeoutMs: deadlineMs ?? 0, signal, hint };
      const variants =
        deadlineMs === null
          ? await this.#tryAll(request, signal)
          : await withAbortDeadline(limits, (ended) => this.#tryAll(request, ended));
      this.#answered += 1;
      observed?.remote(user, options?.flagKeys, variants);
      return variants;
    } catch (cause) {
      observed?.remote(user, options?.flagKeys, null);
      throw cause;
    } finally {
      this.#ended += 1;
      release();
    }
  }

  #requestOf(
    user: ExperimentUser | null | undefined,
    options: FetchOptions | null | undefined,
  ): EvaluationRequest {
    const { serverUrl } = this.#settings;
    const request = evaluationRequest(serverUrl, this.#apiKey, user ?? {}, options ?? {});
    if (request.isLarge && !this.#hasWarnedOfSize) {
      this.#hasWarnedOfSize = true;
      this.log.mistake(
        "[Experiment] a user of more than 8,000 bytes may be too large for a header",
      );
    }
    return request;
  }

  async #tryAll(request: EvaluationRequest, signal: AbortSignal) {
    try {
      return await this.#try(request, this.#settings.timeoutMs, signal);
    } catch (error) {
      // Part of the vendor's log line, so that the number of lines stays the same.
      this.log.error(`[Experiment] Fetch failed: ${failureHint(error, request.url)}`, error);
      if (!isRetryable(error)) throw error;
      const variants = await this.#retry(request, error, signal);
      if (variants === null) throw error;
      return variants;
    }
  }

  /** Retries every failure, as the vendor's SDK does. Returns `null` if all tries fail. */
  async #retry(request: EvaluationRequest, first: unknown, signal: AbortSignal) {
    const { retries, retryTimeoutMs, backoff } = this.#settings;
    this.log.debug("[Experiment] Retrying fetch");
    let delayMs = backoff.minMs;
    let last = first;
    for (let i = 0; i < retries; i++) {
      // Like `setTimeout`, treat an invalid delay as 1 ms.
      const waitMs = delayMs >= 0 && delayMs <= MAX_DELAY_MS ? delayMs : 1;
      await pause(CLOCK, waitMs, { signal, holdsProcess: false });
      signal.throwIfAborted();
      try {
        return await this.#try(request, retryTimeoutMs, signal);
      } catch (error) {
        signal.throwIfAborted();
        this.log.error("[Experiment] Retry failed: ", error);
        last = error;
      }
      delayMs = Math.min(delayMs * backoff.factor, backoff.maxMs);
    }
    this.log.error("[Experiment] All retries failed: ", last);
    return null;
  }

  async #try(request: EvaluationRequest, timeoutMs: number, signal: AbortSignal) {
    if (timeoutMs === 0) throw new TimeoutError("request", 0);
    const { url, headers } = request;
    const response = await this.#slots.run(
      () =>
        withAbortDeadline({ clock: CLOCK, timeoutMs, signal, hint: lateHint(url) }, (ended) =>
          this.#transport.request({ url, headers, maxBodyBytes: MAX_BODY_BYTES, signal: ended }),
        ),
      signal,
    );
    if (response.status !== 200) throw new FetchError(response.status);
    const answer = parsedBody(response.body, url);
    this.log.debug("[Experiment] Fetched variants");
    return toVariants(answer, url);
  }
}
