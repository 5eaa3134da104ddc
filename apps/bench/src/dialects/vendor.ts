import type { Answers, Cell, Participant, Task } from "../cells/cell.js";
import { ratio, speedUp, type Target } from "../cells/target.js";
import type { Memory, Peer, Visitor } from "./peer.js";
import type { Writer } from "./writer.js";

/** Settings of one vendor for a cell that all vendors have. */
export interface Row {
  /**
   * The values of the cell. Each must occur, and no other. The first one has the type of the flag, and `false` can also be the
   * default value. Default: the writer's `halves`.
   */
  readonly values?: readonly unknown[];
  /** Returns the attributes of the subject with an index. */
  readonly attributesOf?: () => (index: number) => Visitor["attributes"];
  /** Share of the cell's operations for the vendor's SDK. */
  readonly share?: number;
  readonly sampleSize?: number | undefined;
  readonly subjectCount?: number;
  /** Minimum speed of our client and our drop-in, as multiples of the vendor SDK's. */
  readonly faster?: readonly [native: number, dropIn?: number];
  /** Maximum duration of our client, as multiples of these participants'. */
  readonly within?: Readonly<Record<string, number>>;
  readonly beside?: readonly Participant[];
  readonly targets?: readonly Target[];
  /** Returns what else is wrong with the results, or `null`. */
  readonly check?: (answers: Answers) => string | null;
}

export interface Start {
  readonly name: string;
  /** Starts a server of flags, for packages without another source. */
  readonly serve?: () => Promise<string>;
}

/** A vendor: a writer of payloads, and the SDKs that read them. {@link cellsOf} creates its cells. */
export interface Vendor {
  readonly name: string;
  readonly writer: Writer;
  readonly native: Peer;
  /** Our native client with an observer that does nothing. Absent: W1 to W4 are only measured without an observer. */
  readonly observed?: Peer;
  /** `null` if there is no drop-in. */
  readonly dropIn: Peer | null;
  readonly sdk: Peer | null;
  /** Adds the arguments that the vendor's SDK takes instead of a subject. */
  readonly visitorOf?: (visitor: Visitor) => Visitor;
  /** Share of operations for the vendor's SDK in all evaluations; default: 1. */
  readonly share?: number;
  /** Attributes of a subject that some flags of the shop target. */
  readonly shopper: Visitor["attributes"];
  readonly rows?: Readonly<Record<string, Row>>;
  /** Caches of logged assignments for W6; default: the SDKs' own. */
  readonly memories?: readonly Memory[];
  /** Packages for `imports/start.ts`, ours first. */
  readonly starts?: readonly Start[];
  /** Whether W9 is measured inside the process, beginning with the import. */
  readonly timesItself?: boolean;
  readonly own?: (vendor: Vendor) => readonly Cell[];
}

/** Returns our client, our drop-in and the vendor's SDK, in this order. */
function peersOf({ dropIn, native, sdk }: Vendor): readonly Peer[] {
  return [native, dropIn, sdk].filter((it) => it !== null);
}

/** Creates a participant for each SDK. The vendor's performs a share of the operations. */
export function participantsOf(
  vendor: Vendor,
  prepare: (peer: Peer) => Promise<Task>,
  { share = vendor.share ?? 1 }: Pick<Row, "share"> = {},
  nameOf: (name: string) => string = (name) => name,
): readonly Participant[] {
  return peersOf(vendor).map((peer) => ({
    name: nameOf(peer.name),
    share: peer === vendor.sdk ? share : 1,
    prepare: () => prepare(peer),
  }));
}

/** Maximum duration of an evaluation with an observer, as a multiple of one without. */
const MAX_OBSERVED = 1.3;

/** Creates the participant of our client with an observer, and the target that compares it with our client without one. */
export function observedOf(
  { native, observed }: Vendor,
  prepare: (peer: Peer) => Promise<Task>,
): Readonly<{ participants: readonly Participant[]; targets: readonly Target[] }> {
  if (observed === undefined) return { participants: [], targets: [] };
  const { name } = observed;
  return {
    participants: [{ name, prepare: () => prepare(observed) }],
    targets: [ratio(name, native.name, MAX_OBSERVED)],
  };
}

/** Returns the targets of a row for participants with these names. */
export function targetsOf(
  { dropIn, native, sdk }: Vendor,
  { faster = [0], targets = [], within = {} }: Row,
  nameOf: (name: string) => string = (name) => name,
): readonly Target[] {
  return [
    ...[native, dropIn].flatMap((peer, i) => {
      const atLeast = faster[i] ?? 0;
      if (peer === null || sdk === null || atLeast === 0) return [];
      return speedUp(nameOf(peer.name), nameOf(sdk.name), atLeast);
    }),
    ...Object.entries(within).map(([over, atMost]) => ratio(nameOf(native.name), over, atMost)),
    ...targets,
  ];
}
