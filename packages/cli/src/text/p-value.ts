/** Smaller p-values are not computed exactly. */
const SMALLEST = 1e-300;

/** Formats a p-value, e.g. `0.043`, `3.5e-42` or `< 1e-300`. */
export function pValueText(pValue: number): string {
  if (pValue < SMALLEST) return `< ${SMALLEST}`;
  return pValue < 0.001 ? pValue.toExponential(1) : String(Number(pValue.toPrecision(2)));
}

/** Formats a p-value with its name, e.g. `p = 0.043` or `p < 1e-300`. */
export function pValueEquation(pValue: number): string {
  const text = pValueText(pValue);
  return text.startsWith("<") ? `p ${text}` : `p = ${text}`;
}
