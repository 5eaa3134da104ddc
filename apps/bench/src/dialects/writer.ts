/** A flag as a vendor's server sends it, with its key. */
export interface FlagBody {
  readonly key: string;
  readonly [member: string]: unknown;
}

/** Writes payloads in a vendor's format. Modules of writers import no SDK: servers of payloads run them, too. */
export interface Writer {
  /** The member of a payload that has the flags; `null`: the payload is the list of flags. Absent: it is not JSON. */
  readonly member?: string | null;
  bytes(flags: readonly FlagBody[], more?: object): Uint8Array;
  /** An experiment for everybody: one half of the subjects gets each of {@link halves}. */
  half(key: string): FlagBody;
  /** The values of its lower and upper half. */
  readonly halves: readonly [unknown, unknown];
  /** The same flag, whose assignments are not logged; absent: all are. */
  unlogged?(flag: FlagBody): FlagBody;
  section?(key: string): FlagBody;
  /** A flag for some countries and versions, split between variations. */
  targeted(key: string): FlagBody;
  /** A flag with so many rules. Visitors of the cell meet the last one alone. */
  ruled(key: string, ruleCount: number): FlagBody;
  listed(key: string, accounts: readonly string[]): FlagBody;
  /** One of a large shop's flags; `index` determines its values and its targeting. */
  shop(index: number): FlagBody;
  /** A flag that has one value, or one variation named so, for everybody. */
  fixed(key: string, value: string): FlagBody;
  /** The same flag with other bytes in each version; `null`: in a payload in which another flag changes. */
  edition(flag: FlagBody, version: number | null): FlagBody;
  /** Other payloads that arrive in refreshes, in which one flag changes. */
  readonly arrivals?: Readonly<Record<string, Arrival>>;
}

export interface Arrival {
  /** For the title of its cell. */
  readonly what: string;
  readonly bytes: (version: number) => Uint8Array;
  readonly decryptionKey?: string;
}

/** The flag whose value is the version of the served payload. */
export const MARKER = "served-version";
const FLAG_COUNT = 10_000;

/** Flags that change from one version to the next. */
export type Change = "all" | "one";

export function arrivalsOf(writer: Writer): Readonly<Record<string, Arrival>> {
  return {
    all: { what: "all changed", bytes: (version) => versionBytes(writer, "all", version) },
    one: { what: "one changed", bytes: (version) => versionBytes(writer, "one", version) },
    ...writer.arrivals,
  };
}

export function shopBytes(writer: Writer, flagCount: number): Uint8Array {
  return writer.bytes(shopFlags(writer, flagCount));
}

export function shopFlags({ shop }: Writer, flagCount: number): readonly FlagBody[] {
  return Array.from({ length: flagCount }, (_, index) => shop(index));
}

/** Version 0 or 1 of a large payload, between which all flags or only {@link MARKER} differ. */
export function versionBytes(
  writer: Writer,
  change: Change,
  version: number,
  more: object = {},
  flagCount: number = FLAG_COUNT,
): Uint8Array {
  const others = shopFlags(writer, flagCount - 1).map((flag) =>
    writer.edition(flag, change === "all" ? version : null),
  );
  return writer.bytes([...others, writer.fixed(MARKER, `${version}`)], more);
}
