import type { PlainExposure } from "@sortition/core/internal";

/**
 * The exposures of each flag that a page may show. They are complete, because the process that receives them must log the
 * variation that the visitor saw, and another evaluation could return a different one.
 */
export type ExposuresByFlag = ReadonlyMap<string, readonly PlainExposure[]>;

type Context = Pick<PlainExposure["context"], "subject" | "configuration">;

type PackedExposure = readonly [
  contextIndex: number,
  requestedKey: string,
  messageId: string,
  base: PlainExposure["base"],
  details: PlainExposure["details"],
];

/**
 * Exposures that share their subject and configuration, which nearly all of them have in common. Pairs instead of an object,
 * because any string is a legal flag key. A release that changes this format must change the version of tokens.
 */
export interface PackedExposures {
  readonly contexts: readonly Context[];
  readonly flags: readonly (readonly [flagKey: string, exposures: readonly PackedExposure[]])[];
}

/** Packs exposures into JSON data. */
export function packExposures(flags: ExposuresByFlag): PackedExposures {
  const contexts = new Map<string, Context>();
  const indexOf = ({ configuration, subject }: Context): number => {
    const context = { subject, configuration };
    const name = JSON.stringify(context);
    if (!contexts.has(name)) contexts.set(name, context);
    return [...contexts.keys()].indexOf(name);
  };
  const packed = [...flags].map(([flagKey, exposures]) => {
    const list = exposures.map(({ base, context, details, messageId }): PackedExposure => {
      return [indexOf(context), context.flagKey, messageId, base, details];
    });
    return [flagKey, list] as const;
  });
  return { contexts: [...contexts.values()], flags: packed };
}

/** Restores what {@link packExposures} packed. */
export function unpackExposures({ contexts, flags }: PackedExposures): ExposuresByFlag {
  return new Map(
    flags.map(([key, exposures]) => [
      key,
      exposures.map(([index, flagKey, messageId, base, details]) => {
        const context = contexts[index] as Context; // written by `packExposures`
        return { messageId, base, context: { flagKey, ...context }, details };
      }),
    ]),
  );
}
