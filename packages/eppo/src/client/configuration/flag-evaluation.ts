import type { Configuration } from "@sortition/core";
import { deobfuscateFlag } from "@sortition/core/eppo";
import type { Attributes } from "../model/attributes.js";
import type { IFlagEvaluationDetails } from "../model/evaluation-details.js";
import type { Allocation, Flag, Split, Variation } from "../model/flag.js";
import { wireOf } from "./wire.js";

/** Result of `EppoClient.getAssignmentDetail`. */
export interface FlagEvaluation {
  flagKey: string;
  format: string;
  subjectKey: string;
  subjectAttributes: Attributes;
  allocationKey: string | null;
  variation: Variation | null;
  extraLogging: Record<string, string>;
  /** Whether the assignment is logged. */
  doLog: boolean;
  entityId: number | null;
  flagEvaluationDetails: IFlagEvaluationDetails;
}

/** A call of `getAssignmentDetail` and the client's result. */
export interface EvaluatedCall {
  readonly flagKey: string;
  readonly subjectKey: string;
  readonly subjectAttributes: Attributes;
  readonly details: IFlagEvaluationDetails;
  /** The applied override, or `null`. */
  readonly override: Variation | null;
  readonly configuration: Configuration | null;
}

/** Builds the vendor's record of an evaluation. */
export function flagEvaluation(call: EvaluatedCall): FlagEvaluation {
  const { configuration, details, flagKey, override, subjectKey } = call;
  const { flags, format } = wireOf(configuration);
  const { matchedAllocation, variationKey } = details;
  const isHashed = format === "CLIENT";
  const wireKey = isHashed ? md5(flagKey).toString("hex") : flagKey;
  const wire = Object.hasOwn(flags, wireKey) ? flags[wireKey] : undefined;
  const innerKey = (!isHashed && wire?.key) || flagKey;
  if (matchedAllocation === null || variationKey === null) {
    const missed = recordOf(call, format);
    // Quirk: an evaluated flag is named by its own key (eppo).
    if (details.flagEvaluationCode === "DEFAULT_ALLOCATION_NULL") missed.flagKey = innerKey;
    return missed;
  }
  const allocationKey = matchedAllocation.key;
  if (override !== null) return recordOf(call, "", allocationKey, override);
  // The flag can be decoded, because it was evaluated.
  const flag = (isHashed ? deobfuscateFlag(wire, "") : wire) as unknown as Flag;
  const allocation = flag.allocations[matchedAllocation.orderPosition - 1] as Allocation;
  const split = splitOf(allocation, flag, subjectKey, variationKey);
  const variation = flag.variations[split?.variationKey ?? variationKey];
  const record = recordOf(call, format, allocationKey, variation);
  record.flagKey = innerKey;
  record.extraLogging = split?.extraLogging ?? {};
  record.doLog = allocation.doLog;
  record.entityId = flag.entityId ?? null;
  return record;
}

/**
 * Finds the split of a subject. It is hashed only if several splits have the same variation, for
 * example inside and outside of a holdout, because they may differ in other fields.
 */
function splitOf(
  { splits }: Allocation,
  flag: Flag,
  subjectKey: string,
  variationKey: string,
): Split | undefined {
  const possible = splits.filter((it) => flag.variations[it.variationKey]?.key === variationKey);
  return possible.length === 1 ? possible[0] : possible.find((it) => isIn(it, subjectKey, flag));
}

function isIn({ shards }: Split, subjectKey: string, { totalShards }: Flag): boolean {
  return shards.every(({ ranges, salt }) => {
    const hash = md5(`${salt}-${subjectKey}`).readUInt32BE(0);
    const shard = hash % totalShards;
    return ranges.some(({ end, start }) => start <= shard && shard < end);
  });
}

/** Not imported, because loading `node:crypto` takes 3 ms, and few programs need these details. */
function md5(text: string): Buffer {
  return process.getBuiltinModule("node:crypto").createHash("md5").update(text).digest();
}

/**
 * Builds a record that is not logged. It is created with all members, because adding them to a copy
 * would take as long as the evaluation.
 */
function recordOf(
  { details, flagKey, subjectAttributes, subjectKey }: EvaluatedCall,
  format: string,
  allocationKey: string | null = null,
  variation: Variation | null = null,
): FlagEvaluation {
  return {
    flagKey,
    format,
    subjectKey,
    subjectAttributes,
    flagEvaluationDetails: details,
    allocationKey,
    variation,
    extraLogging: {},
    doLog: false,
    entityId: null,
  };
}
