import { addChunkIds } from "./chunk-ids.js";
import type { Frame, InAppRules } from "./frame.js";
import { nameFrames } from "./frame-names.js";
import type { SourceLines } from "./source-lines.js";
import { parseStack } from "./stack.js";
import { describeThrown, type Thrown } from "./thrown.js";

/** How an exception was captured. */
export interface Mechanism {
  readonly type: "generic" | "middleware" | "onuncaughtexception" | "onunhandledrejection";
  readonly handled: boolean;
}

/** Mechanism of exceptions that a call captured. */
export const BY_CALL: Mechanism = { type: "generic", handled: true };

export interface ExceptionEntry {
  readonly type: string;
  readonly value: string;
  readonly mechanism: Readonly<Record<string, unknown>>;
  readonly stacktrace?: { readonly type: "raw"; readonly frames: readonly Frame[] };
}

export interface ExceptionListOptions {
  readonly mechanism: Mechanism;
  /** The stack of the call, for values without a stack. `null` if there was no call. */
  readonly callStack: string | null;
  readonly rules: InAppRules;
  readonly sources: SourceLines;
  /** Adds local variables to the frames of an error. The innermost frame comes first. */
  readonly addVariables?: ((thrown: object, frames: readonly Frame[]) => void) | undefined;
}

/**
 * Describes a thrown value, its causes, and the members of an `AggregateError`, each with its stack and the source code
 * around its frames.
 */
export async function exceptionList(
  thrown: unknown,
  options: ExceptionListOptions,
): Promise<ExceptionEntry[]> {
  // Done synchronously, because the error, its variables and the working directory may change later.
  const entries: ExceptionEntry[] = [];
  append(entries, describeThrown(thrown, options.callStack), null, options);
  const frames = entries.flatMap(({ stacktrace }) => stacktrace?.frames ?? []);
  await options.sources.addTo(frames);
  nameFrames(frames);
  return entries;
}

function append(
  entries: ExceptionEntry[],
  thrown: Thrown,
  parent: { readonly id: number; readonly source: "cause" | "member" } | null,
  options: ExceptionListOptions,
): void {
  const id = entries.length;
  const { type, value, isSynthetic: synthetic, cause, members } = thrown;
  const mechanism =
    parent === null
      ? { ...options.mechanism, synthetic, exception_id: id }
      : {
          type: "chained",
          source: parent.source,
          synthetic,
          exception_id: id,
          parent_id: parent.id,
        };
  const frames = framesOf(thrown, options);
  const stacktrace = frames === null ? {} : { stacktrace: { type: "raw" as const, frames } };
  entries.push({ type, value, mechanism, ...stacktrace });
  if (cause !== null) append(entries, cause, { id, source: "cause" }, options);
  for (const member of members) append(entries, member, { id, source: "member" }, options);
}

function framesOf(
  { stack, isSynthetic, object }: Thrown,
  { rules, addVariables }: ExceptionListOptions,
): Frame[] | null {
  if (stack === null) return null;
  try {
    const frames = parseStack(stack, isSynthetic ? 1 : 0, rules);
    addChunkIds(frames, rules);
    if (object !== null && !isSynthetic) addVariables?.(object, [...frames].reverse());
    return frames;
  } catch {
    return null; // not a valid stack
  }
}
