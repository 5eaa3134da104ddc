/** Returns `undefined` for `null`, because the vendor's SDK removes members that are `null` before it reads them. */
export function present<T>(value: T): Exclude<T, null> | undefined {
  return value === null ? undefined : (value as Exclude<T, null>);
}
