/** A flag in Amplitude's format. */
export interface AmplitudeFlag {
  readonly variants: object;
  readonly segments: readonly object[];
}

/** Adds the default variant, which the vendor's flags give to users outside all other segments. */
export function withOff({ segments, variants, ...flag }: AmplitudeFlag): object {
  const off = { key: "off", metadata: { default: true } };
  const last = { metadata: { segmentName: "off" }, variant: "off" };
  return { ...flag, variants: { ...variants, off }, segments: [...segments, last] };
}
