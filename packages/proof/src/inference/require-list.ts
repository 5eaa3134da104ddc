/** @throws RangeError unless the value, which JavaScript may pass, is a list. */
export function requireList(name: string, value: unknown, example: string = "[50, 50]"): void {
  if (Array.isArray(value) || ArrayBuffer.isView(value)) return;
  const received = value === null ? "null" : typeof value;
  throw new RangeError(`${name}: expected a list such as ${example}, received ${received}`);
}

function textAdvice(value: unknown): string {
  const isOther = typeof value === "string" || typeof value === "bigint";
  return isOther ? `, a ${typeof value}: pass Number(…)` : "";
}

/** @throws RangeError unless the value is a list of counts. */
export function requireCounts(name: string, counts: readonly number[]): void {
  requireList(name, counts);
  counts.forEach((count, i) => {
    if (Number.isSafeInteger(count) && count >= 0) return;
    const isShare = count > 0 && count < 1;
    const advice = isShare ? ": pass numbers of subjects, not shares" : textAdvice(count);
    throw new RangeError(
      `${name}[${i}]: expected a non-negative integer, received ${count}${advice}`,
    );
  });
}
