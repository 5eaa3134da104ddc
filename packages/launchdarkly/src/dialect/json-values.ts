import { stringOf } from "@sortition/core/dialect-internal";

export { stringOf };

/** Returns `undefined` for `null`, because the vendor's SDK removes members that are `null` before it reads them. */
export function present<T>(value: T): Exclude<T, null> | undefined {
  return value === null ? undefined : (value as Exclude<T, null>);
}

/** Returns a member as a number, as arithmetic does. `NaN` for other types, and for an absent member. */
export function numberOf(value: unknown): number {
  return typeof value === "object" && value !== null
    ? Number(stringOf(value))
    : Number(present(value));
}
