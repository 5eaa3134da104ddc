import type { Participant } from "../../../cells/cell.js";
import { subjectTask } from "../../../cells/subject-task.js";
import { shortSubjectKeys } from "../../../workload/subjects.js";
import type { Peer } from "../peers/peer.js";
import { HALVES_FLAG, halvesBytes } from "../workload/halves.js";

/** Name of W1's participant in cells that compare with it. */
export const OUR_W1 = "sortition, W1";
/** The flag of halves has no rules. */
export const NO_ATTRIBUTES: Readonly<Record<string, string>> = {};

/** Differences from W1. */
export interface HalvesOptions {
  readonly name?: string;
  readonly subjects?: () => readonly string[];
  /** Number of other flags. */
  readonly otherFlags?: number;
}

/** A participant that evaluates the flag of halves for one subject after the other. */
export function assigningHalves(
  peer: Peer,
  { name = peer.name, subjects = shortSubjectKeys, otherFlags = 0 }: HalvesOptions = {},
): Participant {
  return {
    name,
    async prepare() {
      const client = await peer.createClient(halvesBytes({ otherFlags }));
      return subjectTask({
        topic: "halves",
        subjects: subjects(),
        ask: (subject) => client.getBooleanAssignment(HALVES_FLAG, subject, NO_ATTRIBUTES, false),
        digest: (isOn) => (isOn ? 1 : 0),
      });
    },
  };
}
