import type { Participant } from "../../../cells/cell.js";
import { subjectTask } from "../../../cells/subject-task.js";
import type { Peer } from "../peers/peer.js";
import { configurationBytes, type FlagBody, TOTAL_SHARDS } from "../workload/flags.js";

/** Default value, for visitors whom the flag does not target. */
export const NOT_TARGETED = "not targeted";

/** A subject with attributes. */
export interface Visitor {
  readonly key: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** A flag, and the visitors for whom it is evaluated. */
export interface TextQuestions {
  /** The peer's own name unless given. */
  readonly name?: string;
  readonly topic?: string;
  /** See `Participant`. */
  readonly share?: number;
  readonly flag: () => FlagBody;
  readonly visitors: () => readonly Visitor[];
  /** See `SubjectQuestions`. */
  readonly sampleSize?: number;
}

/** A participant that evaluates one string flag for one visitor after the other. */
export function assigningText(
  peer: Peer,
  { name = peer.name, topic = "assignments", share = 1, flag, visitors, ...more }: TextQuestions,
): Participant {
  return {
    name,
    share,
    async prepare() {
      const body = flag();
      const client = await peer.createClient(configurationBytes([body]));
      return subjectTask({
        topic,
        subjects: visitors(),
        ask: ({ key, attributes }) =>
          client.getStringAssignment(body.key, key, attributes, NOT_TARGETED),
        digest: (variation) => variation.length,
        ...more,
      });
    },
  };
}

/** A string flag; each variation's value is its key. */
export function textFlag(
  key: string,
  variationKeys: readonly string[],
  allocation: Omit<FlagBody["allocations"][number], "key" | "doLog">,
): FlagBody {
  return {
    key,
    enabled: true,
    variationType: "STRING",
    variations: Object.fromEntries(variationKeys.map((it) => [it, { key: it, value: it }])),
    allocations: [{ key: "targeted", ...allocation, doLog: true }],
    totalShards: TOTAL_SHARDS,
  };
}
