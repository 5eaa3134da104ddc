import {
  type CompiledFlag,
  type Configuration,
  type Dialect,
  type FlagsPlace,
  type JsonObject,
  LazyFlags,
  type PayloadSet,
  type RawFlags,
  revisionOf,
} from "@sortition/core/dialect";
import { compiler } from "./flag.js";

/** `{ "flags": [{ "key": … }] }` */
export const PLACE: FlagsPlace = { member: "flags", shape: "list", keyMember: "key" };

/** Contents of a configuration. Payloads are kept as received, i.e. encrypted. */
export interface ToyParts {
  readonly dialect: Dialect;
  readonly payloads: PayloadSet;
  readonly raw: RawFlags;
  /** Lists of subject keys. */
  readonly cohorts: JsonObject;
}

/** An immutable configuration. `LazyFlags` compiles each flag on first use, and collects issues. */
export interface ToyConfiguration extends Configuration, ToyParts {
  readonly lazyFlags: LazyFlags<CompiledFlag>;
}

/** Creates a configuration. Flags are not decoded yet. */
export function createConfiguration(parts: ToyParts): ToyConfiguration {
  const { cohorts, payloads, raw } = parts;
  // We do not know which flags use which cohort, so a change of one marks all flags as changed.
  const flags = new LazyFlags({ raw, place: PLACE, compiler, sharedPartsOf: () => cohorts });
  return {
    ...parts,
    lazyFlags: flags,
    environment: null,
    publishedAtMs: null,
    bandits: null,
    get revision() {
      return revisionOf(payloads);
    },
    flagKeys: flags.keys,
    get issues() {
      return flags.issues;
    },
    get issueCount() {
      return flags.issueCount;
    },
    flag: (key) => flags.flag(key),
    isSameFlag: (key, there) => isToy(there) && flags.isSame(key, there.lazyFlags),
    warm: (keys) => flags.warm(keys),
    inspect: () => flags.inspect(),
  };
}

export function isToy(configuration: Configuration): configuration is ToyConfiguration {
  return configuration.dialect.name === "toy";
}
