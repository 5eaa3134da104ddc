import {
  type Configuration,
  type Dialect,
  type FlagCompiler,
  type FlagsPlace,
  isJsonObject,
  type JsonObject,
  LazyFlags,
  type PayloadSet,
  type RawFlags,
} from "@sortition/core/dialect";
import { documentOf, LazyConfiguration } from "@sortition/core/dialect-internal";
import type { PropertyGroup } from "./evaluation/evaluation-call.js";
import type { PosthogExtras } from "./extras.js";
import type { MakeFlag } from "./flag-compiler.js";
import type { EvaluationRuntime } from "./flag-wire.js";
import type { ServedFlag } from "./served-flag.js";

/**
 * The position of the flags in the definitions. Flags with duplicate keys are parsed completely, because
 * {@link ListedFlag} needs all of them.
 */
export const FLAGS_PLACE: FlagsPlace = {
  member: "flags",
  shape: "list",
  keyMember: "key",
  exists: () => true,
};

const COHORTS_PLACE: FlagsPlace = { member: "cohorts", shape: "map" };

/** One of the definitions. If several have the same key, the last one decides. */
export interface ListedFlag {
  readonly key: string;
  readonly runtime: EvaluationRuntime;
}

export interface SharedParts {
  readonly cohorts: JsonObject;
  readonly groupTypes: JsonObject;
  readonly matchingVersion: unknown;
}

export interface PosthogParts {
  readonly dialect: Dialect;
  readonly payloads: PayloadSet;
  readonly raw: RawFlags;
  readonly shared: SharedParts;
  /** The server's setting for short `$feature_flag_called` events. */
  readonly hasMinimalEvents: boolean;
  /** All relevant definitions. `null` if their keys are unique and in the order of the definitions. */
  readonly listed: readonly ListedFlag[] | null;
  readonly compiler: FlagCompiler<ServedFlag>;
  /** Creates the same compiler with another flag factory. */
  readonly compilerWith: (make?: MakeFlag) => FlagCompiler<ServedFlag>;
  /** Whether all flags are included, because no evaluation contexts were chosen. */
  readonly hasAllFlags: boolean;
  readonly cohortCompiler: FlagCompiler<PropertyGroup>;
}

/** Flag definitions and their shared parts: cohorts, group types, and the version of property matching. */
export class PosthogConfiguration extends LazyConfiguration<ServedFlag, PosthogExtras> {
  readonly matchingVersion: unknown;
  readonly hasMinimalEvents: boolean;
  /** All relevant definitions, in order. `null` if this is the order of {@link flagKeys}, without repetitions. */
  readonly listed: readonly ListedFlag[] | null;
  readonly #parts: PosthogParts;
  readonly #cohorts: LazyFlags<PropertyGroup>;

  constructor(parts: PosthogParts) {
    const { compiler, raw, shared } = parts;
    const flags = { raw, place: FLAGS_PLACE, compiler, sharedPartsOf: () => shared };
    const cohorts = new LazyFlags({
      raw: documentOf(shared, COHORTS_PLACE).flags as RawFlags, // they are an object
      place: COHORTS_PLACE,
      compiler: parts.cohortCompiler,
      namesFlags: false,
    });
    super(parts, new LazyFlags(flags), [cohorts]);
    this.#parts = parts;
    this.#cohorts = cohorts;
    this.matchingVersion = shared.matchingVersion;
    this.hasMinimalEvents = parts.hasMinimalEvents;
    this.listed = parts.listed;
  }

  /** Number of flags, excluding those of other evaluation contexts. Decodes flags only if contexts were chosen. */
  get flagCount(): number {
    if (this.#parts.hasAllFlags) return this.flagKeys.size;
    let count = 0;
    for (const key of this.flagKeys) if (this.flag(key) !== null) count += 1;
    return count;
  }

  /** Returns a cohort by id, or `null` if only the server knows it. It is compiled on first use. */
  cohort(id: string): PropertyGroup | null {
    return this.#cohorts.flag(id);
  }

  /** Returns the definition of a cohort as received, or `undefined` if only the server knows it. */
  cohortWire(id: string): unknown {
    const { cohorts } = this.#parts.shared;
    return Object.hasOwn(cohorts, id) ? cohorts[id] : undefined;
  }

  /** Returns the name of a group type, or `null` if there is none. */
  groupType(index: unknown): string | null {
    const { groupTypes } = this.#parts.shared;
    const key = String(index);
    const name = Object.hasOwn(groupTypes, key) ? groupTypes[key] : undefined;
    return name ? String(name) : null;
  }

  /** Returns the same content with another dialect object. `make` creates its flags. */
  recompiled(dialect: Dialect, make?: MakeFlag): PosthogConfiguration {
    const compiler = this.#parts.compilerWith(make);
    return configurationOf({ ...this.#parts, dialect, compiler });
  }
}

/** Returns whether a configuration belongs to this dialect, even if it comes from another copy of this package. */
export function isPosthogConfiguration(
  configuration: Configuration,
): configuration is PosthogConfiguration {
  return configuration.dialect.name === "posthog";
}

/** Reads the parts that flags share from the root of the definitions. */
export function sharedPartsOf(root: JsonObject): SharedParts {
  return {
    cohorts: asObject(root["cohorts"]),
    groupTypes: asObject(root["group_type_mapping"]),
    matchingVersion: root["property_matching_version"],
  };
}

function asObject(value: unknown): JsonObject {
  return isJsonObject(value) ? value : {};
}

// Outside of the class, because bundlers rename a class that refers to itself.
function configurationOf(parts: PosthogParts): PosthogConfiguration {
  return new PosthogConfiguration(parts);
}
