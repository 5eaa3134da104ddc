import type { Logger } from "@openfeature/server-sdk";
import type { Configuration, Dialect } from "@sortition/core";
import { messageOf } from "@sortition/core/internal";
import type { Resolution } from "../resolution/resolution.js";
import { failedResolution, resolutionOf, thrownResolution } from "../resolution/resolve.js";
import { type ContextSubject, subjectOf } from "../resolution/subject.js";
import { ask, type Question } from "./ask.js";
import type { ProviderClient } from "./client.js";
import { isExpected, kindOf } from "./expected-value.js";
import type { SortitionProviderOptions } from "./options.js";
import type { Registration } from "./registration.js";

/** Maximum number of attribute names that are reported. More would not be worth the memory. */
const MAX_REPORTED = 100;

/** Resolves OpenFeature's getters. Never throws. */
export class Evaluations {
  readonly #options: SortitionProviderOptions;
  readonly #serving: Registration;
  readonly #reported = new Set<string>();
  #configuration: Configuration | null = null;
  #revision: string | null = null;

  constructor(options: SortitionProviderOptions, serving: Registration) {
    this.#options = options;
    this.#serving = serving;
  }

  resolve<T>(question: Question<T>): Resolution<T> {
    const { client } = this.#serving;
    const { defaultValue, flagKey } = question;
    if (client === null) {
      return failedResolution(
        defaultValue,
        "PROVIDER_NOT_READY",
        "the provider has no client, because it is not registered",
      );
    }
    try {
      return this.#answer(client, question);
    } catch (cause) {
      return thrownResolution(defaultValue, cause, flagKey);
    }
  }

  #answer<T>(client: ProviderClient, question: Question<T>): Resolution<T> {
    const { defaultValue, flagKey, type } = question;
    const configuration = client.getConfiguration();
    const dialect = configuration?.dialect ?? null;
    const name = dialect?.name ?? client.status.dialect;
    const openFeature = dialect?.openFeature ?? null;
    const subject = this.#subjectOf(question, name, dialect);
    if (typeof subject === "string") {
      return failedResolution(defaultValue, "INVALID_CONTEXT", subject);
    }
    if (subject.key === null && dialect === null) {
      return failedResolution(defaultValue, "PROVIDER_NOT_READY", "there is no configuration yet");
    }
    if (subject.key === null && dialect?.needsSubjectKey === true) {
      const message = `the dialect ${name} needs a targetingKey in the context`;
      const isContext = Object.hasOwn(Object(defaultValue), "targetingKey");
      const advice = isContext
        ? "write (flagKey, defaultValue, context)"
        : "pass { targetingKey: user.id }";
      this.#report("targetingKey", `${message}: ${advice}`, question.logger);
      return failedResolution(defaultValue, "TARGETING_KEY_MISSING", message);
    }
    const hasNumericVariations = openFeature?.hasNumericVariations === true;
    const { banditActions } = this.#options;
    const details = ask(client, question, subject, hasNumericVariations, banditActions);
    // Only an override returns the same object to every caller.
    const value = details.reason === "override" ? copyOf(details.value) : details.value;
    if (!details.isDefault && !isExpected(value, type, defaultValue)) {
      const message = `flag "${flagKey}": the value and the default value are of different kinds`;
      const [is, given] = [kindOf(value), kindOf(defaultValue)];
      const advice = `the value is ${is}, but the default is ${given}, which is returned: pass ${is}`;
      this.#report(`kind of ${flagKey}`, `flag "${shown(flagKey)}": ${advice}`, question.logger);
      return failedResolution(defaultValue, "TYPE_MISMATCH", message);
    }
    const answered = {
      flagKey,
      subjectKey: subject.key,
      details,
      dialect: name,
      openFeature,
      revision: this.#revisionOf(configuration),
      environment: configuration?.environment ?? null,
      isStale: this.#serving.isStale,
    };
    return resolutionOf(answered, value as T, defaultValue, this.#options); // of the requested type
  }

  /** Returns the subject, or a string that explains what is wrong with the context. */
  #subjectOf(
    { context, logger }: Question,
    name: string,
    dialect: Dialect | null,
  ): ContextSubject | string {
    let subject: ContextSubject;
    try {
      subject = subjectOf(context, dialect, this.#options.defaultTargetingKey);
    } catch (cause) {
      const problem =
        "the context cannot be read, because its targetingKey is not a string, a value contains itself, or a getter throws";
      const isKey = messageOf(cause).startsWith("targetingKey");
      const advice = isKey ? ": pass { targetingKey: String(user.id) }" : "";
      this.#report("context", `${problem}${advice}`, logger);
      return problem;
    }
    for (const leftOut of subject.leftOut ?? []) {
      const problem = `a value of the wrong type is left out of the context of ${name}`;
      this.#report(leftOut, `${problem}: "${shown(leftOut)}"`, logger);
    }
    return subject;
  }

  #report(name: string, message: string, logger: Logger | undefined): void {
    if (this.#reported.has(name) || this.#reported.size >= MAX_REPORTED) return;
    this.#reported.add(name);
    logger?.warn(`sortition: ${message}`);
  }

  /** Returns the cached revision, because computing it may hash megabytes. */
  #revisionOf(configuration: Configuration | null): string | null {
    if (this.#configuration !== configuration) {
      this.#revision = configuration?.revision ?? null;
      this.#configuration = configuration;
    }
    return this.#revision;
  }
}

function shown(name: string): string {
  return name.slice(0, MAX_REPORTED);
}

/** Copies the value, so that callers cannot change each other's object. */
function copyOf(value: unknown): unknown {
  return typeof value === "object" ? JSON.parse(JSON.stringify(value)) : value;
}
