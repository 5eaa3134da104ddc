/** @throws RangeError unless the value, which JavaScript may pass, is a list. */
export function requireList(name: string, value: unknown): void {
  if (Array.isArray(value) || ArrayBuffer.isView(value)) return;
  const received = value === null ? "null" : typeof value;
  throw new RangeError(`${name}: expected a list such as [50, 50], received ${received}`);
}
