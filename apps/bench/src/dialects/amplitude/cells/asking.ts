import type { Participant } from "../../../cells/cell.js";
import { subjectTask } from "../../../cells/subject-task.js";
import type { Content, Peer, Visitor } from "../peers.js";

/** A flag, and the users for whom it is evaluated. */
export interface Questions {
  /** The peer's own name unless given. */
  readonly name?: string;
  readonly topic?: string;
  /** See `Participant`. */
  readonly share?: number;
  readonly content: () => Content;
  readonly flagKey: string;
  readonly visitors: () => readonly Visitor[];
  readonly sampleSize?: number;
}

/** A participant that evaluates one flag for one user after the other. */
export function asking(
  peer: Peer,
  { content, flagKey, name = peer.name, topic = "values", ...rest }: Questions,
): Participant {
  const { sampleSize, share = 1, visitors } = rest;
  return {
    name,
    share,
    async prepare() {
      const ask = await peer.create(content());
      return subjectTask({
        topic,
        subjects: visitors(),
        ask: (visitor) => ask(flagKey, visitor) ?? "",
        digest: (value) => value.length,
        ...(sampleSize === undefined ? {} : { sampleSize }),
      });
    },
  };
}
