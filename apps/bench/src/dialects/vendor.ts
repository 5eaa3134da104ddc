import type { Answers, Cell, Participant, Task } from "../cells/cell.js";
import { ratio, speedUp, type Target } from "../cells/target.js";
import type { Memory, Peer, Visitor } from "./peer.js";
import type { Writer } from "./writer.js";

/** Settings of one vendor for a cell that all vendors have. */
export interface Row {
  /**
   * The answers of the cell: each occurs, and no other does. The first one has the type of the flag; `false` stands for the
   * default, too. Default: the writer's `halves`.
   */
  readonly values?: readonly unknown[];
  /** Attributes of the subject with that index. */
  readonly attributesOf?: () => (index: number) => Visitor["attributes"];
  /** Operations of the vendor's SDK, as a share of the cell's. */
  readonly share?: number;
  readonly sampleSize?: number | undefined;
  readonly subjectCount?: number;
  /** At least how many times as fast as the vendor's SDK our client is, and our drop-in. */
  readonly faster?: readonly [native: number, dropIn?: number];
  /** At most how many times as long as these participants our client takes. */
  readonly within?: Readonly<Record<string, number>>;
  readonly beside?: readonly Participant[];
  readonly targets?: readonly Target[];
  /** Returns a further fault of the answers, or `null`. */
  readonly check?: (answers: Answers) => string | null;
}

export interface Start {
  readonly name: string;
  /** Starts a server of flags, for a package that has no other source. */
  readonly serve?: () => Promise<string>;
}

/** A vendor, whose cells {@link cellsOf} makes: a writer of payloads, and the SDKs that read them. */
export interface Vendor {
  readonly name: string;
  readonly writer: Writer;
  readonly native: Peer;
  /** The same with an observer that does nothing. Absent: W1 to W4 are measured without one only. */
  readonly observed?: Peer;
  /** `null`: there is none. */
  readonly dropIn: Peer | null;
  readonly sdk: Peer | null;
  /** Adds the arguments that the vendor's SDK takes in place of a subject. */
  readonly visitorOf?: (visitor: Visitor) => Visitor;
  /** Operations of the vendor's SDK in all evaluations, as a share; default: 1. */
  readonly share?: number;
  /** Attributes of a subject that some flags of the shop target. */
  readonly shopper: Visitor["attributes"];
  readonly rows?: Readonly<Record<string, Row>>;
  /** The caches of logged assignments that W6 is measured with; default: the SDKs' own. */
  readonly memories?: readonly Memory[];
  /** Limit of our memory, as a multiple of the vendor's: once loaded, once each flag was used. */
  readonly memoryAtMost?: { readonly loaded: number; readonly used: number };
  /** Packages that `imports/start.ts` starts with, ours first. */
  readonly starts?: readonly Start[];
  /** Whether W9 is measured inside the process, from the import on. */
  readonly timesItself?: boolean;
  readonly own?: (vendor: Vendor) => readonly Cell[];
}

/** Our client, our drop-in and the vendor's SDK, in this order. */
export function peersOf({ dropIn, native, sdk }: Vendor): readonly Peer[] {
  return [native, dropIn, sdk].filter((it) => it !== null);
}

/** A participant for each of these SDKs. The vendor's own performs a share of the operations. */
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

/** At most how many times as long as without an observer an evaluation takes. */
const MAX_OBSERVED = 1.3;

/** Our client with an observer, and the target that compares it with our client without one. */
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

/** The targets of a row, for participants with these names. */
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
