/** Returns the kind of context that a member names. Without one, it is a user. */
export function kindOf(contextKind: unknown): string {
  return (contextKind ?? "user") as string; // a value of another type is no kind of any context
}
