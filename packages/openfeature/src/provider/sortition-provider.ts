import {
  type EvaluationContext,
  type JsonValue,
  type Logger,
  OpenFeatureEventEmitter,
  type Provider,
  type ResolutionDetails,
  type TrackingEventDetails,
} from "@openfeature/server-sdk";
import { OptionError } from "@sortition/core/dialect";
import type { Question } from "./ask.js";
import type { ProviderClient } from "./client.js";
import { Evaluations } from "./evaluations.js";
import { checkClient, checkOptions, type SortitionProviderOptions } from "./options.js";
import { type ClientFactory, Registration } from "./registration.js";

/**
 * OpenFeature provider that evaluates with a client of any dialect. Its getters never reject.
 *
 * @see docs/guides/openfeature.md
 */
export class SortitionProvider implements Provider {
  readonly metadata: { readonly name: "sortition" } = { name: "sortition" };
  readonly runsOn: "server" = "server" as const;
  readonly events: OpenFeatureEventEmitter = new OpenFeatureEventEmitter();
  /** Called by the SDK. Absent without the option `track`. */
  readonly track?: (
    name: string,
    context: EvaluationContext,
    details?: TrackingEventDetails,
  ) => void;
  readonly #registration: Registration;
  readonly #evaluations: Evaluations;

  /**
   * Borrows a client, and never closes it.
   *
   * @throws OptionError if `client` is not a client or is closed, or if an option is invalid.
   */
  constructor(client: ProviderClient, options?: SortitionProviderOptions);
  /** @internal See {@link create}. */
  constructor(client: ProviderClient | ClientFactory, options?: SortitionProviderOptions);
  constructor(client: ProviderClient | ClientFactory, options: SortitionProviderOptions = {}) {
    const source = typeof client === "function" ? client : checkClient(client);
    this.#registration = new Registration(source, this.events);
    const checked = checkOptions(options);
    this.#evaluations = new Evaluations(checked, this.#registration);
    const { track } = checked;
    if (track !== undefined) {
      this.track = (name, context, details) => track(name, context, details ?? {});
    }
  }

  /**
   * Creates a provider that owns its client: it creates the client when it is registered, and closes it within 5 s when it
   * is removed.
   *
   * @throws OptionError if an option is invalid.
   */
  static create(
    createClient: ClientFactory,
    options: SortitionProviderOptions = {},
  ): SortitionProvider {
    if (typeof createClient !== "function") {
      throw new OptionError(
        "createClient",
        "expected a function: write SortitionProvider.create(() => createClient({ apiKey }))",
      );
    }
    return new this(createClient, options);
  }

  /** Called by the SDK. Resolves when there is a configuration to serve. */
  initialize(): Promise<void> {
    return this.#registration.start();
  }

  /** Called by the SDK. */
  onClose(): Promise<void> {
    return this.#registration.end();
  }

  resolveBooleanEvaluation(
    flagKey: string,
    defaultValue: boolean,
    context: EvaluationContext,
    logger?: Logger,
  ): Promise<ResolutionDetails<boolean>> {
    return this.#resolve({ type: "boolean", flagKey, defaultValue, context, logger });
  }

  resolveStringEvaluation(
    flagKey: string,
    defaultValue: string,
    context: EvaluationContext,
    logger?: Logger,
  ): Promise<ResolutionDetails<string>> {
    return this.#resolve({ type: "string", flagKey, defaultValue, context, logger });
  }

  resolveNumberEvaluation(
    flagKey: string,
    defaultValue: number,
    context: EvaluationContext,
    logger?: Logger,
  ): Promise<ResolutionDetails<number>> {
    return this.#resolve({ type: "number", flagKey, defaultValue, context, logger });
  }

  resolveObjectEvaluation<T extends JsonValue>(
    flagKey: string,
    defaultValue: T,
    context: EvaluationContext,
    logger?: Logger,
  ): Promise<ResolutionDetails<T>> {
    return this.#resolve({ type: "object", flagKey, defaultValue, context, logger });
  }

  #resolve<T>(question: Question<T>): Promise<ResolutionDetails<T>> {
    const resolution = this.#evaluations.resolve(question);
    return Promise.resolve(resolution as ResolutionDetails<T>); // our error codes equal the SDK's enum
  }
}
