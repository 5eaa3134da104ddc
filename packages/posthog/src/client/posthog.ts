import { HttpStatusError, ProtocolError } from "@sortition/core";
import { type Facts, holdProcess, inspectAs, parseUrl, within } from "@sortition/core/internal";
import { parsedOr } from "../dialect/evaluation/parsed-or.js";
import { posthog } from "../dialect/factory.js";
import type { EvaluationRuntime } from "../dialect/flag-wire.js";
import type { FlagValues } from "../events/event-pipeline.js";
import { laterTurn } from "../events/later-turn.js";
import type { EventMessage, SendFeatureFlagsOptions } from "../events/messages.js";
import { PendingPromises } from "../events/pending-promises.js";
import { CallDeduplicator } from "../flags/call-deduplicator.js";
import type { AllFlagsOptions, FlagEvaluationOptions } from "../flags/evaluation-options.js";
import {
  FeatureFlagEvaluations,
  type ReportedCall,
  valueOfResult,
} from "../flags/feature-flag-evaluations.js";
import type { FeatureFlagResult } from "../flags/flag-results.js";
import { Flags, type FlagsAndPayloads } from "../flags/flags.js";
import { LocalFlags } from "../flags/local-flags.js";
import { type ObservedFlags, observedFlags } from "../flags/observed-flags.js";
import { FlagOverrides, type OverrideFeatureFlagsOptions } from "../flags/overrides.js";
import { requestFlags } from "../flags/remote-flags.js";
import { notJsonMessage, statusMessage } from "../http/answer-message.js";
import { Closing } from "../http/closing.js";
import type { ServerRequest } from "../http/requester.js";
import { type FeatureFlagValue, type JsonType, jsonOf } from "../source/json.js";
import { CaptureClient } from "./capture-client.js";
import { type FlagSettings, flagSettings } from "./flag-options.js";
import type { IPostHog } from "./i-posthog.js";
import type { PostHogOptions } from "./posthog-options.js";

const REQUEST_TIMEOUT_MS = 10_000;
const READY_TIMEOUT_MS = 30_000;
const RETRY_DELAY_MS = 3_000;
/** Time for which shutdown waits for requests in progress, ms. */
const GRACE_MS = 500;

/**
 * A PostHog client. It captures events and evaluates feature flags, locally if the definitions are sufficient. Its
 * names and results equal those of `posthog-node`.
 */
export class PostHog extends CaptureClient implements IPostHog {
  readonly options: PostHogOptions;
  private readonly _settings: FlagSettings;
  private readonly _overrides = new FlagOverrides();
  private readonly _deduplicator: CallDeduplicator;
  private readonly _closing = new Closing();
  /** Evaluations in progress. */
  private readonly _calls = new PendingPromises();
  /** Requests that callers are waiting for. */
  private readonly _asked = new PendingPromises();
  private readonly _local: LocalFlags | null;
  private readonly _observed: ObservedFlags | null;
  private readonly _flags: Flags;
  private readonly _timeoutMs: number;

  /**
   * @param apiKey - the project token, `phc_…`. If it is blank, the client does nothing.
   * @throws OptionError for an invalid value of an option that the vendor does not have, or for a project key as the
   * secret key.
   */
  constructor(apiKey: string, options: PostHogOptions = {}) {
    super(apiKey, options);
    this.options = options;
    this._settings = flagSettings(this.used, this.isDisabled);
    this._deduplicator = new CallDeduplicator(this._settings.maxPeople);
    this._timeoutMs = this.used.requestTimeout ?? REQUEST_TIMEOUT_MS;
    this._local = this._createLocal();
    this._observed = observedFlags(
      this.used.onEvaluation,
      { local: this._local, overrides: this._overrides },
      this.diagnostics,
    );
    this._flags = this._createFlags();
    inspectAs(this, "PostHog", () => this._view());
  }

  /**
   * Returns whether a flag is on, or `undefined` if it has no value. Sends `$feature_flag_called` once.
   *
   * @deprecated Use {@link evaluateFlags}.
   */
  async isFeatureEnabled(
    key: string,
    distinctId: string,
    options: FlagEvaluationOptions = {},
  ): Promise<boolean | undefined> {
    const value = valueOfResult(await this._result(key, distinctId, options));
    return value === undefined ? undefined : Boolean(value);
  }

  /**
   * Returns `false`, `true` or the key of a variant, or `undefined` if the flag has no value. Sends
   * `$feature_flag_called` once.
   *
   * @deprecated Use {@link evaluateFlags}.
   */
  async getFeatureFlag(
    key: string,
    distinctId: string,
    options: FlagEvaluationOptions = {},
  ): Promise<FeatureFlagValue | undefined> {
    return valueOfResult(await this._result(key, distinctId, options));
  }

  /**
   * Returns value and payload of a flag, or `undefined` if it has no value. The distinct id may come from the context.
   */
  async getFeatureFlagResult(
    key: string,
    distinctId?: string | FlagEvaluationOptions,
    options?: FlagEvaluationOptions,
  ): Promise<FeatureFlagResult | undefined> {
    const person = this._personOf(distinctId, options);
    if (person === null) return undefined;
    return this._result(key, person.distinctId, person.options);
  }

  /**
   * Returns the payload of a flag, `null` if it has none, or `undefined` if the flag has no value. Sends no event.
   *
   * @param matchValue - the flag value whose payload to return, instead of the evaluated one.
   * @deprecated Use {@link evaluateFlags}.
   */
  async getFeatureFlagPayload(
    key: string,
    distinctId: string,
    matchValue?: FeatureFlagValue,
    options: FlagEvaluationOptions = {},
  ): Promise<JsonType | undefined> {
    const name = String(key);
    if (this._overrides.payloads?.has(name)) return this._overrides.payloads.get(name);
    if (this.isDisabled) return undefined;
    const silent = { ...options, sendFeatureFlagEvents: false };
    const result = await this._calls.add(this._flags.result(key, distinctId, silent, matchValue));
    return result === undefined ? undefined : (result.payload ?? null);
  }

  /** Returns the values of all flags that have one. Sends no events. The distinct id may come from the context. */
  async getAllFlags(
    distinctId?: string | AllFlagsOptions,
    options?: AllFlagsOptions,
  ): Promise<Record<string, FeatureFlagValue>> {
    const person = this._personOf(distinctId, options);
    if (person === null) return {};
    // Quirk: an id that is not a string, which only a context can have, is used as the options (posthog-node).
    return (await this.getAllFlagsAndPayloads(person.distinctId, person.options)).featureFlags;
  }

  /** Like {@link getAllFlags}, but also returns payloads. */
  async getAllFlagsAndPayloads(
    distinctId?: string | AllFlagsOptions,
    options?: AllFlagsOptions,
  ): Promise<FlagsAndPayloads> {
    const person = this._personOf(distinctId, options);
    if (person === null || this.isDisabled) return { featureFlags: {}, featureFlagPayloads: {} };
    return this._calls.add(this._flags.all(person.distinctId, person.options));
  }

  /** Evaluates flags once, with at most one request. Reading the snapshot sends `$feature_flag_called`. */
  async evaluateFlags(
    distinctId?: string | AllFlagsOptions,
    options?: AllFlagsOptions,
  ): Promise<FeatureFlagEvaluations> {
    const person = this._personOf(distinctId, options);
    if (person === null || this.isDisabled) {
      return new FeatureFlagEvaluations({
        host: this._snapshotHost(),
        distinctId: person?.distinctId ?? "",
        flags: new Map(),
      });
    }
    return this._calls.add(this._flags.snapshot(person.distinctId, person.options));
  }

  /**
   * Returns the payload of a remote config flag, decrypted by the server, or `undefined` if the request fails.
   *
   * @throws Error without a secret key.
   */
  async getRemoteConfigPayload(flagKey: string): Promise<JsonType | undefined> {
    if (this.isDisabled) return undefined;
    const { secretKey } = this._settings;
    if (secretKey === null) {
      throw new Error("Personal API key is required for remote config payload decryption");
    }
    const path = `/api/projects/@current/feature_flags/${flagKey}/remote_config`;
    try {
      const request: ServerRequest = {
        url: `${this.host}${path}?token=${encodeURIComponent(this.apiKey)}`,
        method: "GET",
        headers: { ...this._headers(), authorization: `Bearer ${secretKey}` },
        timeoutMs: this._timeoutMs,
        signal: this._closing.signal,
      };
      const release = holdProcess(this._clock, request.timeoutMs);
      const { bytes, status } = await this._asked.add(this.request(request)).finally(release);
      if (status < 200 || status >= 300) {
        const hint = "may secretKey (personalApiKey) read this project?";
        const message = statusMessage(status, this.host, hint);
        this._flags.reportFailure(new HttpStatusError(status, null, message));
        return undefined;
      }
      return parsedOr(jsonOf(bytes)) as JsonType; // parsed from JSON
    } catch (error) {
      const isOfJson = error instanceof SyntaxError;
      this._flags.reportFailure(isOfJson ? new ProtocolError(notJsonMessage(this.host)) : error);
      this.emitter.emit("error", error);
      return undefined;
    }
  }

  /** Returns the runtime for which a flag is meant, or `undefined` if it has no definition. */
  getFeatureFlagEvaluationRuntime(key: string): EvaluationRuntime | undefined {
    return this._local?.flag(String(key))?.definition?.runtime; // untyped callers may pass any value
  }

  /** Returns the keys of flags that are meant for a runtime. Flags for `all` are always included. */
  getFeatureFlagKeysByEvaluationRuntime(evaluationRuntime: EvaluationRuntime): string[] {
    const { flagKeys = [], listed = null } = this._local?.configuration ?? {};
    const places =
      listed ??
      Array.from(flagKeys, (key) => ({ key, runtime: this.getFeatureFlagEvaluationRuntime(key) }));
    const matching = places.filter(
      ({ runtime }) =>
        runtime !== undefined &&
        (evaluationRuntime === "all" || [evaluationRuntime, "all"].includes(runtime)),
    );
    return matching.map(({ key }) => key);
  }

  /** Overrides values and payloads of flags, for tests and development. `false` removes the overrides. */
  overrideFeatureFlags(overrides: OverrideFeatureFlagsOptions): void {
    this._overrides.set(overrides);
  }

  /** Loads the definitions immediately. */
  async reloadFeatureFlags(): Promise<void> {
    await this._local?.load();
  }

  /** Returns whether flags can be evaluated locally, which requires at least one definition. */
  isLocalEvaluationReady(): boolean {
    return this._local?.isReady ?? false;
  }

  /** Waits until flags can be evaluated locally. Returns `false` if there are none, or after the timeout. */
  async waitForLocalEvaluationReady(timeoutMs: number = READY_TIMEOUT_MS): Promise<boolean> {
    if (this.isLocalEvaluationReady()) return true;
    const { signal } = this._closing;
    if (this._local === null || this._local.isClosed || signal.aborted) return false;
    const limit = { clock: this._clock, timeoutMs, signal, holdsProcess: true };
    // Quirk: it resolves so early that a reload in the same turn joins the load that has just ended (posthog-node).
    return new Promise<boolean>((resolve) => {
      let stop = (): void => {};
      const loading = new Promise<void>((end) => {
        stop = this.on("localEvaluationFlagsLoaded", (count) => {
          resolve(Number(count) > 0);
          end();
        });
      });
      void within(limit, () => loading).then(() => {
        stop();
        resolve(false); // unless definitions were loaded
      });
    });
  }

  /** @internal The current definitions as the server sent them, or `null` before they are loaded. */
  flagDefinitions(): readonly unknown[] | null {
    return this._local?.definitions() ?? null;
  }

  protected override flagsForEvent(
    distinctId: string | undefined,
    message: EventMessage,
    options: SendFeatureFlagsOptions,
  ): FlagValues | Promise<FlagValues | null> {
    const isStrict = options.onlyEvaluateLocally ?? this._settings.isStrictlyLocal;
    if (distinctId === undefined || distinctId === "") return Promise.resolve(null);
    if (isStrict && !this.isLocalEvaluationReady()) return {};
    return this._evaluatedForEvent(distinctId, message, options);
  }

  private async _evaluatedForEvent(
    distinctId: string,
    message: EventMessage,
    options: SendFeatureFlagsOptions,
  ): Promise<FlagValues | null> {
    const { disableGeoip, groups = {} } = message;
    const { flagKeys } = options;
    // Untyped callers may pass `null`.
    const groupProperties = options.groupProperties || {};
    const personProperties = options.personProperties || {};
    if (!this.isLocalEvaluationReady()) {
      // Quirk: groups get no `$group_key`, all flags are requested, and overrides do not apply (posthog-node).
      const person = { distinctId, groups, groupProperties, personProperties };
      return this._calls.add(this._flags.served(person, disableGeoip));
    }
    const texts = Object.entries(groups).map(([type, key]) => [type, String(key)]);
    // Quirk: for an id that is not a string, the flags of the context's person are used (posthog-node).
    const values = await this.getAllFlags(distinctId, {
      groups: Object.fromEntries(texts) as Record<string, string>, // the values were converted above
      ...{ personProperties, groupProperties, disableGeoip, flagKeys },
      onlyEvaluateLocally: true,
    });
    // Quirk: the vendor hashes flags that are on in another thread, so all other events of this turn come first
    // (posthog-node).
    if (Object.values(values).some((value) => value !== false)) await laterTurn();
    return values;
  }

  protected override async stopFlags(timeoutMs: number): Promise<void> {
    // Callers that wait for the server still get its response, as in the vendor's SDK, unless it hangs.
    const limit = {
      clock: this._clock,
      timeoutMs: Math.min(GRACE_MS, timeoutMs / 2),
      holdsProcess: true,
    };
    if (timeoutMs > 0) await within(limit, () => this._asked.settled());
    const ended = this._calls.settledSoFar();
    this._closing.abort();
    this._deduplicator.clear();
    const { provider } = this._settings;
    const releasing = this._local === null ? undefined : this._released(provider);
    await this._local?.close(timeoutMs);
    // Stopped calls must report their flags, but must not send another request.
    await within({ ...limit, timeoutMs: GRACE_MS }, () => ended);
    this._closing.renew();
    await releasing;
  }

  private async _released(provider: FlagSettings["provider"]): Promise<void> {
    try {
      await provider?.shutdown();
    } catch (cause) {
      this.emitter.emit("error", new Error(`Error during cache shutdown: ${cause}`));
    }
  }

  private async _result(
    key: string,
    distinctId: string,
    options: FlagEvaluationOptions | null,
  ): Promise<FeatureFlagResult | undefined> {
    if (this.isDisabled) return undefined;
    const isSent = options?.sendFeatureFlagEvents ?? this._settings.sendsEvents;
    const sendFeatureFlagEvents = Boolean(isSent);
    return this._calls.add(
      this._flags.result(key, distinctId, { ...options, sendFeatureFlagEvents }),
    );
  }

  /** Returns the person of a call, from its arguments or the context, or `null`. */
  private _personOf<Options extends object>(
    distinctIdOrOptions: string | Options | undefined,
    options: Options | undefined,
  ): { readonly distinctId: string; readonly options: Options } | null {
    const isGiven = typeof distinctIdOrOptions === "string";
    const distinctId = isGiven ? distinctIdOrOptions : this.contexts.current()?.read("distinctId");
    const used = (isGiven ? options : distinctIdOrOptions) ?? ({} as Options); // all options are optional
    if (distinctId) return { distinctId, options: used };
    const isInObject = "distinctId" in Object(used);
    this.diagnostics.warn(
      isInObject
        ? "flags need a distinct id: pass it as the first argument, not in an object"
        : "flags need a distinct id: pass one, or use withContext",
    );
    return null;
  }

  private _createLocal(): LocalFlags | null {
    const { evaluationContexts, isLocal, isStrictlyLocal, pollIntervalMs, provider, secretKey } =
      this._settings;
    if (this.isDisabled || !isLocal) return null;
    return new LocalFlags({
      settings: {
        host: this.host,
        projectApiKey: this.apiKey,
        secretKey,
        requestTimeoutMs: this._timeoutMs,
        headers: this._headers(),
        provider,
      },
      dialect: posthog({ evaluationContexts }),
      pollIntervalMs,
      isStrictlyLocal,
      clock: this._clock,
      diagnostics: this.diagnostics,
      request: this.request,
      onLoaded: (count, hasMinimalEvents) => {
        this.useMinimalEvents(hasMinimalEvents);
        this.emitter.emit("localEvaluationFlagsLoaded", count);
      },
      onError: (error) => this.emitter.emit("error", error),
    });
  }

  private _createFlags(): Flags {
    const { evaluationContexts, isStrictlyLocal, maxRetries, timeoutMs } = this._settings;
    const settings = {
      host: this.host,
      projectApiKey: this.apiKey,
      timeoutMs,
      maxRetries,
      retryDelayMs: this.used.fetchRetryDelay ?? RETRY_DELAY_MS,
      evaluationContexts,
      headers: this._headers(),
    };
    return new Flags({
      local: this._local,
      overrides: this._overrides,
      snapshotHost: this._snapshotHost(),
      observed: this._observed,
      isStrictlyLocal,
      disableGeoip: this.used.disableGeoip ?? true,
      requestFlags: (request) => {
        const ports = { clock: this._clock, send: this.request, signal: this._closing.signal };
        return this._asked.add(requestFlags(settings, request, ports));
      },
      onError: (error) => this.emitter.emit("error", error),
      onMinimalEvents: (hasMinimalEvents) => this.useMinimalEvents(hasMinimalEvents),
    });
  }

  /** Returns what `JSON.stringify` writes. Like `console.log(client)`, it contains no keys. */
  toJSON(): object {
    return this._view();
  }

  /** Returns what `console.log(client)` shows, without keys, passwords in addresses, or people. */
  private _view(): object {
    const { configuration = null, loadedAtMs } = this._local ?? {};
    return {
      host: hostOf(this.host),
      isDisabled: this.isDisabled,
      flags: configuration?.flagCount ?? null,
      flagsAgeMs: loadedAtMs === undefined ? null : this._clock.now() - loadedAtMs,
      events: this.stats(),
    };
  }

  private _snapshotHost() {
    return {
      report: (call: ReportedCall): void => this._report(call),
      isReported: (perRead: boolean | undefined): boolean => perRead ?? this._settings.sendsEvents,
      warn: (message: string, facts?: Facts): void => {
        if (this._settings.logsWarnings) this.diagnostics.warn(message, facts);
      },
      now: (): number => this._clock.now(),
    };
  }

  private _report(call: ReportedCall): void {
    const { disableGeoip, distinctId, groups, key, response } = call;
    if (!this._deduplicator.isNew(distinctId, key, response, groups)) return;
    this.capture({
      distinctId,
      event: "$feature_flag_called",
      properties: call.properties(),
      groups: groups as EventMessage["groups"], // as the caller passed them
      disableGeoip,
    });
  }

  private _headers(): Readonly<Record<string, string>> {
    const agent = `${this.getLibraryId()}/${this.getLibraryVersion()}`;
    return { "user-agent": agent, "content-type": "application/json" };
  }
}

/** Returns the host without password and path, or `null` for an invalid URL. */
function hostOf(url: string): string | null {
  return parseUrl(url)?.host ?? null;
}
