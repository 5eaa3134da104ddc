import type { CaptureClient } from "../client/capture-client.js";
import { observeFailure } from "../context/observe-failure.js";
import { Scope, type ScopeValues } from "../context/scope.js";
import type { NamePattern } from "../exceptions/variables/patterns.js";
import { isFirstCapture } from "./captured-errors.js";
import { type Given, given } from "./given.js";
import { moduleContexts, reportMistake, withClient } from "./global-client.js";

/** Options of {@link newContext}. */
export interface NewContextOptions {
  /** If `true`, nothing is inherited from the surrounding context. Default: `false`. */
  readonly fresh?: boolean | undefined;
  /** If `true`, failures of the function are captured. Default: `true`. */
  readonly captureExceptions?: boolean | undefined;
  /** The client that captures failures, with the tags of the context. Default: the client of the module functions. */
  readonly client?: CaptureClient | undefined;
}

/** Options of {@link scoped}. */
export type ScopedOptions = Omit<NewContextOptions, "client">;

/**
 * Runs a function in a new context. If it throws or rejects, the failure is captured once and passed on to the caller.
 *
 * @returns the function's result.
 */
export function newContext<T>(work: () => T, options: Given<NewContextOptions> = {}): T {
  const { fresh = false, captureExceptions = true, client } = given(options);
  const contexts = moduleContexts();
  const scope = new Scope(contexts.current(), { isFresh: fresh });
  return contexts.run(scope, () => {
    if (!captureExceptions) return work();
    return observeFailure(work, (cause) => captureFailure(cause, scope, client));
  });
}

/** Captures in the context of the function, even if its promise is rejected elsewhere. */
function captureFailure(cause: unknown, scope: Scope, client: CaptureClient | undefined): void {
  if (!isFirstCapture(cause)) return;
  const capture = (it: CaptureClient): unknown =>
    it.contexts.run(scope, () => it.captureExceptionNow(cause, {}));
  if (client !== undefined) capture(client);
  else withClient(capture);
}

/**
 * Makes a function run in a new context, with the same parameters, `this` and result. Works as a wrapper and as a
 * method decorator.
 *
 * ```ts
 * const handle = scoped()(async (id: string) => capture("handled", { properties: { id } }));
 * ```
 */
export function scoped(
  options: Given<ScopedOptions> = {},
): <This, Parts extends unknown[], Result>(
  work: (this: This, ...parts: Parts) => Result,
  context?: unknown,
) => (this: This, ...parts: Parts) => Result {
  return (work) =>
    function (...parts) {
      return newContext(() => work.apply(this, parts), options);
    };
}

/** Adds a tag to the context. It becomes a property of the context's events. */
export function tag(name: string, value: unknown): void {
  inScope("tag", (scope) => scope.tag(name, value));
}

/** Returns a copy of all tags of the context, or `{}` outside of any context. */
export function getTags(): Record<string, unknown> {
  return moduleContexts().current()?.tags() ?? {};
}

/** Sets the person of the context. */
export function identifyContext(distinctId: string): void {
  write("identifyContext", "distinctId", distinctId);
}

/** Sets the session of the context. */
export function setContextSession(sessionId: string): void {
  write("setContextSession", "sessionId", sessionId);
}

/** Sets the device of the context, for flag requests and rules. */
export function setContextDeviceId(deviceId: string): void {
  write("setContextDeviceId", "deviceId", deviceId);
}

/** Sets whether exceptions in the context include the local variables of their frames. */
export function setCaptureExceptionCodeVariablesContext(isEnabled: boolean): void {
  write("setCaptureExceptionCodeVariablesContext", "capturesVariables", isEnabled);
  if (isEnabled) withClient((client) => client.readVariables());
}

/** Sets the names of variables whose values are masked in the context. */
export function setCodeVariablesMaskPatternsContext(patterns: readonly NamePattern[]): void {
  write("setCodeVariablesMaskPatternsContext", "maskPatterns", patterns);
}

/** Sets the names of variables that are omitted in the context. */
export function setCodeVariablesIgnorePatternsContext(patterns: readonly NamePattern[]): void {
  write("setCodeVariablesIgnorePatternsContext", "ignorePatterns", patterns);
}

function write<Name extends keyof ScopeValues>(
  caller: string,
  name: Name,
  value: ScopeValues[Name],
): void {
  inScope(caller, (scope) => scope.write(name, value));
}

function inScope(caller: string, work: (scope: Scope) => void): void {
  const scope = moduleContexts().current();
  if (scope !== null) work(scope);
  else reportMistake(`${caller} has no effect outside a context`);
}
