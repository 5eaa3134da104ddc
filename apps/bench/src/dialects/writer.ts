/** A flag in a vendor's format, with its key. */
export interface FlagBody {
  readonly key: string;
  readonly [member: string]: unknown;
}

/**
 * Writes payloads in a vendor's format. Its module must not import an SDK, because payload servers load it, too. It does not
 * use the test kit's flags, because published measurements need the same bytes and rules again.
 */
export interface Writer {
  /** Member of the payload that contains the flags; `null`: the payload is the list of flags. Absent: the payload is not JSON. */
  readonly member?: string | null;
  bytes(flags: readonly FlagBody[], more?: object): Uint8Array;
  /** Creates an experiment for all subjects, half of which get each of {@link halves}. */
  half(key: string): FlagBody;
  /** Values of the lower and the upper half. */
  readonly halves: readonly [unknown, unknown];
  /** Returns the same flag without logged assignments; absent: all assignments are logged. */
  unlogged?(flag: FlagBody): FlagBody;
  section?(key: string): FlagBody;
  /** Creates a flag for some countries and versions, split between variations. */
  targeted(key: string): FlagBody;
  /** Creates a flag with a number of rules. Visitors of the cell match only the last one. */
  ruled(key: string, ruleCount: number): FlagBody;
  listed(key: string, accounts: readonly string[]): FlagBody;
  /** Creates one of a large shop's flags. `index` determines its values and its targeting. */
  shop(index: number): FlagBody;
  /** Creates a flag with one value, or one variation of that name, for all subjects. */
  fixed(key: string, value: string): FlagBody;
}

/** Key of the flag whose value is the version of the served payload. */
export const MARKER = "served-version";

export function shopBytes(writer: Writer, flagCount: number): Uint8Array {
  return writer.bytes(shopFlags(writer, flagCount));
}

export function shopFlags({ shop }: Writer, flagCount: number): readonly FlagBody[] {
  return Array.from({ length: flagCount }, (_, index) => shop(index));
}
