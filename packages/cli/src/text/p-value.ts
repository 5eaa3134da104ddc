/** Formats a p-value, e.g. `0.043` or `3.5e-42`. */
export function pValueText(pValue: number): string {
  if (pValue === 0) return "0";
  return pValue < 0.001 ? pValue.toExponential(1) : String(Number(pValue.toPrecision(2)));
}
