/** Digests with which Next.js and React control a program by rejections and exceptions. */
const DIGESTS: ReadonlySet<unknown> = new Set([
  ...["HANGING_PROMISE_REJECTION", "NEXT_PRERENDER_INTERRUPTED"],
  ...["DYNAMIC_SERVER_USAGE", "BAILOUT_TO_CLIENT_SIDE_RENDERING"],
]);
const POSTPONE = Symbol.for("react.postpone");
const MAX_CAUSES = 5;

/** Returns whether an uncaught value is expected: a framework's signal, or the rejection of an aborted operation. */
export function isExpected(thrown: unknown, isRejection: boolean): boolean {
  return isSignal(thrown, 0) || (isRejection && memberOf(thrown, "name") === "AbortError");
}

function isSignal(thrown: unknown, depth: number): boolean {
  if (memberOf(thrown, "$$typeof") === POSTPONE) return true;
  if (DIGESTS.has(memberOf(thrown, "digest"))) return true;
  const cause = depth < MAX_CAUSES ? memberOf(thrown, "cause") : undefined;
  return cause !== undefined && isSignal(cause, depth + 1);
}

/** Returns whether another library has captured the error and marked it. */
export function isMarkedAsCaptured(thrown: unknown): boolean {
  return memberOf(thrown, "__posthog_previously_captured_error") === true;
}

/** Reads a member of an object or function. Returns `undefined` if it cannot be read. */
function memberOf(thrown: unknown, name: string): unknown {
  try {
    const isObject = typeof thrown === "object" || typeof thrown === "function";
    return isObject ? (thrown as Readonly<Record<string, unknown>> | null)?.[name] : undefined;
  } catch {
    return undefined;
  }
}
