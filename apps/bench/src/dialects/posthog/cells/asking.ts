import { awaitingTask } from "../../../cells/awaiting-task.js";
import type { Cell, Participant } from "../../../cells/cell.js";
import { subjectTask } from "../../../cells/subject-task.js";
import { received, shortSubjectKeys } from "../../../workload/subjects.js";
import {
  type Evaluating,
  facade,
  NOTHING,
  native,
  type Peer,
  type Value,
  type Visitor,
  vendor,
} from "../peers.js";

/** A flag, and the people for whom it is evaluated. */
export interface Questions {
  /** The peer's own name unless given. */
  readonly name?: string;
  readonly topic?: string;
  readonly bytes: () => Uint8Array;
  readonly visitors: () => readonly Visitor[];
  readonly ask: (client: Evaluating, visitor: Visitor) => Value | number | Promise<Value | number>;
  /** See `Participant`. */
  readonly share?: number;
  readonly sampleSize?: number;
}

/** A participant that asks one question for one person after the other. Promises are awaited. */
export function asking(
  peer: Peer,
  {
    ask,
    bytes,
    name = peer.name,
    sampleSize = 2_000,
    share,
    topic = "values",
    visitors,
  }: Questions,
): Participant {
  return {
    name,
    // The vendor takes long.
    share: share ?? (peer === vendor ? 0.2 : 1),
    async prepare() {
      const client = await peer.load(bytes());
      const questions = { topic, subjects: visitors(), sampleSize, digest, answerOf };
      return peer.isAsync
        ? await awaitingTask({
            ...questions,
            ask: (visitor) => ask(client, visitor) as Promise<Value | number>, // such is its kind
          })
        : subjectTask({
            ...questions,
            ask: (visitor) => ask(client, visitor) as Value | number,
          });
    },
  };
}

/** Our client's, the vendor's and the drop-in's answers to the same question. */
export function askingAll(questions: Questions): readonly Participant[] {
  return [native, vendor, facade].map((peer) => asking(peer, questions));
}

/** How many times as fast as the vendor our client is at least; the drop-in is so 5 times. */
export function speedUps(atLeast: number): Cell["targets"] {
  return [
    { kind: "speed-up", participant: native.name, than: vendor.name, atLeast },
    { kind: "speed-up", participant: facade.name, than: vendor.name, atLeast: 5 },
  ];
}

/** People of whom nothing else is known, or some properties, as a server reads them from requests. */
export function visitorsWith(
  propertiesOf: (index: number) => Readonly<Record<string, string>> = () => ({}),
  keys: readonly string[] = shortSubjectKeys(),
): readonly Visitor[] {
  return keys.map((key, i) => {
    const properties = Object.entries(propertiesOf(i)).map(([it, value]) => [it, received(value)]);
    return { key, properties: Object.fromEntries(properties) };
  });
}

/** Returns what is wrong with the answers, or `null`. */
export function findFaultOfValues(
  values: readonly unknown[],
  expected: readonly unknown[],
): string | null {
  const missing = expected.find((it) => !values.includes(it));
  return missing === undefined ? null : `nobody got ${JSON.stringify(missing)}`;
}

/** A flag that is off has no variant. */
export function answerOf(value: Value | number): unknown {
  return value === NOTHING || value === undefined ? false : value;
}

export function digest(value: Value | number): number {
  return typeof value === "string" ? value.length : Number(value);
}
