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
  /** Name of the dialect whose client must log them. */
  readonly dialect: string;
  readonly contexts: readonly Context[];
  readonly flags: readonly (readonly [flagKey: string, exposures: readonly PackedExposure[]])[];
}

/** Packs exposures into JSON data. Flags keep their order. */
export function packExposures(flags: ExposuresByFlag, dialect: string): PackedExposures {
  const contexts = new Map<string, Context>();
  const indexOf = ({ configuration, subject }: Context): number => {
    const context = { subject, configuration };
    const name = JSON.stringify(context);
    contexts.set(name, context); // the first one keeps its place
    return [...contexts.keys()].indexOf(name);
  };
  const packed = [...flags].map(([flagKey, exposures]) => {
    const list = exposures.map(({ base, context, details, messageId }): PackedExposure => {
      return [indexOf(context), context.flagKey, messageId, base, details];
    });
    return [flagKey, list] as const;
  });
  return { dialect, contexts: [...contexts.values()], flags: packed };
}

/** Restores the exposures of the flag with this index. `null`: there is no such flag. */
export function unpackExposures(
  { contexts, flags }: PackedExposures,
  index: number,
): readonly PlainExposure[] | null {
  const [, exposures] = flags[index] ?? [];
  if (exposures === undefined) return null;
  return exposures.map(([contextIndex, flagKey, messageId, base, details]) => {
    const context = contexts[contextIndex] as Context; // written by `packExposures`
    return { messageId, base, context: { flagKey, ...context }, details };
  });
}

/** Returns a string that differs if the dialect, the subject, the allocation or the variation of a flag differs. */
export function identityOf(
  dialect: string,
  flagKey: string,
  exposures: readonly PlainExposure[],
): string {
  const parts = exposures.map(({ base, context }) => {
    const { allocation, experiment, featureFlag, variation } = base;
    return [context.subject.key, featureFlag, experiment, allocation, variation];
  });
  return JSON.stringify([dialect, flagKey, parts]);
}
