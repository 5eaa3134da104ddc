import type { Participant } from "../../../cells/cell.js";
import { subjectTask } from "../../../cells/subject-task.js";
import { shortSubjectKeys } from "../../../workload/subjects.js";
import { HALVES, halvesBytes } from "../features.js";
import type { Attributes, Peer } from "../peer.js";

/** Name of W1's participant in cells that compare with it. */
export const OUR_W1 = "sortition, W1";

/** A subject with attributes. */
export interface Visitor {
  readonly key: string;
  readonly attributes: Attributes;
}

/** A feature, and the visitors for whom it is evaluated. */
export interface Questions {
  /** The peer's own name unless given. */
  readonly name?: string;
  readonly topic?: string;
  /** See `Participant`. */
  readonly share?: number;
  readonly feature: string;
  readonly bytes: () => Uint8Array;
  readonly visitors: () => readonly Visitor[];
  /** See `SubjectQuestions`. */
  readonly sampleSize?: number;
}

/** A participant that evaluates one feature for one visitor after the other. */
export function assigning(
  peer: Peer,
  { name = peer.name, topic = "values", share = 1, bytes, feature, visitors, ...more }: Questions,
): Participant {
  return {
    name,
    share,
    async prepare() {
      const ask = await peer.load(bytes());
      return subjectTask({
        topic,
        subjects: visitors(),
        ask: ({ attributes, key }) => ask(feature, key, attributes),
        digest: (value) => (value as string).length, // features of these cells have strings
        ...more,
      });
    },
  };
}

/** W1, and the same with other features. */
export function assigningHalves(peer: Peer, name: string = peer.name, others = 0): Participant {
  return assigning(peer, {
    name,
    topic: "halves",
    feature: HALVES,
    bytes: () => halvesBytes(others),
    visitors: withoutAttributes,
  });
}

/** Visitors of whom nothing else is known. */
function withoutAttributes(): readonly Visitor[] {
  return shortSubjectKeys().map((key) => ({ key, attributes: {} }));
}

/** Returns what is wrong with the answers, or `null`. */
export function findFaultOfValues(
  values: readonly unknown[],
  expected: readonly string[],
): string | null {
  const missing = expected.find((it) => !values.includes(it));
  return missing === undefined ? null : `nobody got "${missing}"`;
}
