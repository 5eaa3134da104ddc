import type { CaptureClient } from "../client/capture-client.js";
import { observeFailure } from "../context/observe-failure.js";
import { Scope, type ScopeValues } from "../context/scope.js";
import { currentScope, runIn } from "../context/scopes.js";
import type { NamePattern } from "../exceptions/variables/patterns.js";
import { isFirstCapture } from "./captured-errors.js";
import { type Given, given } from "./given.js";
import { reportMistake, withClient } from "./global-client.js";

/** Options of {@link newContext}. */
export interface NewContextOptions {
  /** Takes nothing from the context around it. Default: false. */
  readonly fresh?: boolean | undefined;
  /** Captures what the function throws or rejects with. Default: true. */
  readonly captureExceptions?: boolean | undefined;
  /** Captures it. Default: the client of the module functions. */
  readonly client?: CaptureClient | undefined;
}

/** Options of {@link scoped}. */
export type ScopedOptions = Omit<NewContextOptions, "client">;

/**
 * Runs a function in a context of its own. What it throws or rejects with is captured once, and reaches the
 * caller all the same.
 *
 * @returns what the function returns.
 */
export function newContext<T>(work: () => T, options: Given<NewContextOptions> = {}): T {
  const { fresh = false, captureExceptions = true, client } = given(options);
  const scope = new Scope(currentScope(), { isFresh: fresh });
  return runIn(scope, () => {
    if (!captureExceptions) return work();
    return observeFailure(work, (cause) => captureFailure(cause, scope, client));
  });
}

/** In the context of the function, also if a promise of it is rejected elsewhere. */
function captureFailure(cause: unknown, scope: Scope, client: CaptureClient | undefined): void {
  if (!isFirstCapture(cause)) return;
  runIn(scope, () => {
    if (client !== undefined) client.captureExceptionNow(cause, {});
    else withClient((it) => it.captureExceptionNow(cause, {}));
  });
}

/**
 * Makes a function run in a context of its own, with the same parameters, `this` and result. A plain wrapper,
 * and a decorator of methods.
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

/** Adds a tag to the context, which becomes a property of its events. */
export function tag(name: string, value: unknown): void {
  inScope("tag", (scope) => scope.tag(name, value));
}

/** All tags of the context; a copy. `{}` outside all. */
export function getTags(): Record<string, unknown> {
  return currentScope()?.tags() ?? {};
}

/** Names the person of the context. */
export function identifyContext(distinctId: string): void {
  write("identifyContext", "distinctId", distinctId);
}

/** Names the session of the context. */
export function setContextSession(sessionId: string): void {
  write("setContextSession", "sessionId", sessionId);
}

/** Names the device of the context, for requests and rules of flags. */
export function setContextDeviceId(deviceId: string): void {
  write("setContextDeviceId", "deviceId", deviceId);
}

/** Whether exceptions of the context carry the local variables of their frames. */
export function setCaptureExceptionCodeVariablesContext(isEnabled: boolean): void {
  write("setCaptureExceptionCodeVariablesContext", "capturesVariables", isEnabled);
  if (isEnabled) withClient((client) => client.readVariables());
}

/** Names of variables whose values are not read, in the context. */
export function setCodeVariablesMaskPatternsContext(patterns: readonly NamePattern[]): void {
  write("setCodeVariablesMaskPatternsContext", "maskPatterns", patterns);
}

/** Names of variables that are left out, in the context. */
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
  const scope = currentScope();
  if (scope !== null) work(scope);
  else reportMistake(`${caller} has no effect outside a context`);
}
