import {
  type CompiledFlag,
  type Configuration,
  type DecodeError,
  type Dialect,
  expectObject,
  type FlagCompiler,
  isJsonObject,
  LazyFlags,
  type PayloadSet,
  patternGuard,
  type RawFlags,
  unexpected,
} from "@sortition/core/dialect";
import { LazyConfiguration } from "@sortition/core/dialect-internal";
import {
  type Condition,
  compileCondition,
  type ExternalRead,
  gateIn,
} from "./condition/condition.js";
import { type ByKind, CONDITIONS, type Content, ofKinds, SECTIONS } from "./content.js";
import type { EvaluatedConfiguration } from "./evaluation/evaluation-call.js";
import type { StatsigLookups } from "./evaluation/lookups.js";
import type { SdkName, SdkRules, Tier } from "./evaluation/sdk-rules.js";
import type { StatsigExtras } from "./evaluation/user.js";
import { externalReadsOf } from "./external-reads.js";
import { type BrokenFlag, brokenFlag, StatsigFlag } from "./flag.js";
import { NamedFlag } from "./named-flag.js";
import { type Mapping, type Rule, readSpec, type Spec, type SpecKind } from "./spec.js";

/** Kinds of gates that only other gates read. */
const INNER: readonly unknown[] = ["segment", "holdout"];

type Flag = StatsigFlag | BrokenFlag;

/** The compilers of a dialect. Create them once, so that unchanged flags can be adopted. */
export interface Compilers {
  readonly sdk: SdkRules;
  readonly specs: ByKind<FlagCompiler<Flag>>;
  readonly conditions: FlagCompiler<Condition | BrokenCondition>;
}

/** A condition that is not an object. It is treated as missing. */
interface BrokenCondition {
  readonly error: DecodeError;
}

/** Contents of a configuration. */
export interface StatsigParts {
  readonly dialect: Dialect;
  readonly payloads: PayloadSet;
  readonly content: Content;
  readonly compilers: Compilers;
  readonly lookups: StatsigLookups;
  /** The environment's tier, or `null` for the payload's. */
  readonly environment: string | null;
}

// Not the class itself, whose type is another one in each copy of this package.
/** Statsig's gates, configs, experiments and layers. */
export interface StatsigContent extends Configuration<StatsigExtras> {
  /** The vendor's SDK whose results are reproduced: `core` for `statsig()`, `legacy` for `statsigLegacy()`. */
  readonly sdkName: SdkName;
  /** Numbers of flags by the vendor's kind, such as `experiment`, including segments and holdouts. */
  readonly kinds: ReadonlyMap<string, number>;
  /** Names of the active experiments, whose users may have persisted assignments in the vendor's SDK. */
  readonly activeExperiments: readonly string[];
  /** Returns what evaluations of a flag may read that is not in the payload. */
  externalReadsOf(flagKey: string): readonly ExternalRead[];
}

export class StatsigConfiguration
  extends LazyConfiguration<CompiledFlag<StatsigExtras>, StatsigExtras>
  implements StatsigContent, EvaluatedConfiguration
{
  readonly parts: StatsigParts;
  readonly tier: Tier;
  readonly #keys: ReadonlySet<string>;
  readonly #flags: ByKind<LazyFlags<Flag>>;
  readonly #conditions: LazyFlags<Condition | BrokenCondition>;
  /** Parameters, and flags whose keys begin with their kinds. */
  readonly #named = new Map<string, NamedFlag>();

  constructor(parts: StatsigParts) {
    const { compilers, content, environment } = parts;
    const { conditions: raw, sections, shape } = content;
    const flags = ofKinds((kind, member) => {
      const place = { member, shape, keyMember: "name" };
      const sharedPartsOf = () => content.shared;
      return new LazyFlags<Flag>({
        ...{ raw: sections[kind], place, compiler: compilers.specs[kind], sharedPartsOf },
      });
    });
    const conditions = new LazyFlags({
      ...{ raw, place: CONDITIONS, compiler: compilers.conditions, namesFlags: false },
    });
    super(parts, flags.gate, [flags.config, flags.layer, conditions]);
    this.parts = parts;
    this.tier = { own: environment, fallback: content.tier };
    this.#flags = flags;
    this.#conditions = conditions;
    this.#keys = keysOf(sections);
  }

  /** Names of gates, configs and layers. A name that an earlier section has begins with its kind, such as `config:`. */
  override get flagKeys(): ReadonlySet<string> {
    return this.#keys;
  }

  override get publishedAtMs(): number | null {
    return this.parts.content.publishedAtMs;
  }

  get sdkName(): SdkName {
    return this.sdk.name;
  }

  get kinds(): ReadonlyMap<string, number> {
    const kinds = new Map<string, number>();
    for (const { kind } of SECTIONS) {
      const raw = this.parts.content.sections[kind];
      for (const name of raw.keys) {
        const entity = entityIn(raw, name) || kind;
        kinds.set(entity, (kinds.get(entity) ?? 0) + 1);
      }
    }
    return kinds;
  }

  get activeExperiments(): readonly string[] {
    const { config } = this.parts.content.sections;
    return [...config.keys].filter((name) => {
      const wire = config.read(name, "$");
      return isJsonObject(wire) && wire["entity"] === "experiment" && wire["isActive"] === true;
    });
  }

  get sdk(): SdkRules {
    return this.parts.compilers.sdk;
  }

  get lookups(): StatsigLookups {
    return this.parts.lookups;
  }

  get appId(): unknown {
    return this.parts.content.appId;
  }

  mappingsOf({ name }: Spec): readonly Mapping[] {
    return this.parts.content.mappings.get(name) ?? [];
  }

  externalReadsOf(flagKey: string): readonly ExternalRead[] {
    const spec = this.flag(flagKey)?.spec ?? null;
    return spec === null ? [] : externalReadsOf(spec, this);
  }

  isBandit(config: string): boolean {
    return this.parts.content.bandits.has(config);
  }

  /** The segments and holdouts that a flag reads are parts of it. */
  override isSameFlag(key: string, there: Configuration): boolean {
    if (!(#flags in there)) return false;
    const [kind, name] = this.#placeOf(key);
    const specs = this.#innerOf(this.#flags[kind].flag(name)?.spec ?? null);
    if (!this.#flags[kind].isSame(name, there.#flags[kind])) return false;
    return [...specs].every((spec) => {
      if (spec.name !== name && !this.#flags.gate.isSame(spec.name, there.#flags.gate))
        return false;
      const hashes = spec.rules.flatMap(({ conditions }) => conditions);
      return hashes.every(
        (it) => typeof it !== "string" || this.#conditions.isSame(it, there.#conditions),
      );
    });
  }

  override warm(keys: readonly string[] | ReadonlySet<string> = this.flagKeys): void {
    for (const key of keys) this.flag(key);
  }

  override flag(key: string): Flag | NamedFlag | null {
    const [kind, name] = this.#placeOf(key);
    const flag = this.#flags[kind].flag(name);
    if (flag instanceof StatsigFlag && flag.key !== key) return this.#namedAs(key, flag, null);
    return flag ?? this.#parameter(key);
  }

  /** Returns a parameter of a config or a layer. Both names may contain dots. */
  #parameter(key: string): NamedFlag | null {
    for (let dot = key.indexOf("."); dot !== -1; dot = key.indexOf(".", dot + 1)) {
      const whole = this.#whole(key.slice(0, dot));
      const parameter = key.slice(dot + 1);
      if (whole === null || !this.parametersOf(whole.spec).includes(parameter)) continue;
      return this.#namedAs(key, whole, parameter);
    }
    return null;
  }

  /** Returns a config or a layer. */
  #whole(key: string): StatsigFlag | null {
    const [kind, name] = this.#placeOf(key, ["config", "layer"]);
    const flag = this.#flags[kind].flag(name);
    return flag instanceof StatsigFlag && kind !== "gate" ? flag : null;
  }

  #namedAs(key: string, whole: StatsigFlag, parameter: string | null): NamedFlag {
    const known = this.#named.get(key);
    if (known !== undefined) return known;
    const flag = new NamedFlag(key, whole, parameter);
    this.#named.set(key, flag);
    return flag;
  }

  /** Returns the parameters that some subject may get. */
  parametersOf({ defaultValue, rules }: Spec, seen: ReadonlySet<string> = new Set()): string[] {
    const values = [defaultValue, ...rules.map((it) => it.returnValue)];
    const own = values.flatMap((it) => (isJsonObject(it) ? Object.keys(it) : []));
    const others = rules.flatMap(({ delegate }) => {
      const experiment = delegate === null || seen.has(delegate) ? null : this.config(delegate);
      return experiment === null
        ? []
        : this.parametersOf(experiment, new Set([...seen, experiment.name]));
    });
    return [...new Set([...own, ...others])];
  }

  /** Returns the key under which {@link flagKeys} has a config or a layer. */
  keyOf(kind: SpecKind, name: string): string {
    const qualified = `${kind}:${name}`;
    return this.flagKeys.has(qualified) ? qualified : name;
  }

  gate(name: string): Spec | null {
    return this.#flags.gate.flag(name)?.spec ?? null;
  }

  config(name: string): Spec | null {
    return this.#flags.config.flag(name)?.spec ?? null;
  }

  delegate(experiment: string): Spec | null {
    const flag = this.#flags.config.flag(experiment);
    return flag?.spec === null ? flag.evaluate() : (flag?.spec ?? null);
  }

  layer(name: string): Spec | null {
    return this.#flags.layer.flag(name)?.spec ?? null;
  }

  condition(one: Condition | string): Condition | null {
    const condition = typeof one === "string" ? this.#conditions.flag(one) : one;
    return condition === null || "error" in condition ? null : condition;
  }

  /** Returns the conditions of a rule that are not missing. */
  conditionsOf({ conditions }: Rule): readonly Condition[] {
    return conditions.flatMap((it) => this.condition(it) ?? []);
  }

  /** Returns the same content with another dialect object. */
  withDialect(dialect: Dialect): StatsigConfiguration {
    return configurationOf({ ...this.parts, dialect });
  }

  #placeOf(
    key: string,
    kinds: readonly SpecKind[] = SECTIONS.map(({ kind }) => kind),
  ): readonly [SpecKind, string] {
    for (const kind of kinds) if (this.#flags[kind].keys.has(key)) return [kind, key];
    for (const kind of kinds) {
      if (key.startsWith(`${kind}:`)) return [kind, key.slice(kind.length + 1)];
    }
    return ["gate", key];
  }

  /** Returns a flag with the segments and holdouts that it reads, and that these read. They are not flags of their own. */
  #innerOf(spec: Spec | null, known: Set<Spec> = new Set()): ReadonlySet<Spec> {
    if (spec === null || known.has(spec)) return known;
    known.add(spec);
    for (const { type, wire } of spec.rules.flatMap((it) => this.conditionsOf(it))) {
      const gate = /_gate$/.test(type) ? this.gate(gateIn(wire)) : null;
      if (gate !== null && INNER.includes(gate.entity)) this.#innerOf(gate, known);
    }
    return known;
  }
}

function keysOf(sections: ByKind<RawFlags>): ReadonlySet<string> {
  const keys = new Set<string>();
  for (const { kind } of SECTIONS) {
    const raw = sections[kind];
    for (const name of raw.keys) {
      if (kind === "gate" && INNER.includes(entityIn(raw, name))) continue;
      keys.add(keys.has(name) ? `${kind}:${name}` : name);
    }
  }
  return keys;
}

function entityIn(raw: RawFlags, name: string): string {
  const wire = raw.read(name, "$");
  const entity = isJsonObject(wire) ? wire["entity"] : null;
  return typeof entity === "string" ? entity : "";
}

/** Creates the compilers of one SDK's format. */
export function createCompilers(sdk: SdkRules, refuses: boolean): Compilers {
  return {
    sdk,
    specs: ofKinds((kind) => ({
      compile(source) {
        const { key, path, raw, report } = source;
        if (!isJsonObject(raw)) throw unexpected(path, "an object", raw);
        const context = { sdk, report, guard: patternGuard(refuses, source) };
        return new StatsigFlag(key, readSpec(kind, key, raw, path, context));
      },
      compileBroken: brokenFlag,
    })),
    conditions: {
      compile(source) {
        const { path, raw, report } = source;
        const context = { sdk, report, guard: patternGuard(refuses, source) };
        return compileCondition(expectObject(raw, path), path, context);
      },
      compileBroken: (_, error) => ({ error }),
    },
  };
}

/** Returns whether a configuration has Statsig's flags, even if it comes from another copy of this package. */
export function isStatsig(configuration: Configuration): configuration is StatsigContent {
  return /^statsig(-legacy)?$/.test(configuration.dialect.name);
}

// Outside of the class, because bundlers rename a class that refers to itself.
function configurationOf(parts: StatsigParts): StatsigConfiguration {
  return new StatsigConfiguration(parts);
}
