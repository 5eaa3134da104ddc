import type { Configuration } from "@sortition/core";
import type { CliDialect } from "../dialects/dialect.js";
import { attributeValue } from "../events/attribute-value.js";
import type { ExposureRow } from "../events/exposure-row.js";
import type { ExperimentFlag, ExperimentNames } from "../judge/experiment-names.js";
import { FlagJudge } from "../judge/flag-judge.js";
import { type ExperimentName, experimentId } from "./experiment-name.js";
import { type SplitClass, splitClasses } from "./split-class.js";

/** The experiment that a row belongs to, and what was hashed to split it. */
export interface RowPlace {
  readonly name: ExperimentName;
  /** What to count instead of the subject's key; `null` for the key. */
  readonly unit: string | null;
}

/** How a flag splits its subjects. */
interface FlagSplits {
  readonly classes: readonly SplitClass[];
  /** Keys of the allocations whose assignments are not logged. */
  readonly unlogged: readonly string[];
}

/** The attribute that is the subject's key in events without such a column. */
const USUAL_SUBJECT = "user_id";
const NO_EXPERIMENT = { allocation: null, variations: [] };

/** Finds the experiments of rows, including their allocations if the rows do not name them. */
export class RowPlaces {
  readonly #configuration: Configuration;
  readonly #dialect: CliDialect;
  readonly #experiments: ExperimentNames;
  readonly #judge: FlagJudge;
  readonly #subjectColumn: string | null;
  readonly #named = new Map<string, readonly ExperimentFlag[]>();
  readonly #flags = new Map<string, FlagSplits>();
  #several = 0;
  readonly #units = new Map<string, readonly string[] | null>();

  /** @param subjectColumn - the column of all subjects; `null`: it is in the rows. */
  constructor(configuration: Configuration, dialect: CliDialect, subjectColumn: string | null) {
    this.#configuration = configuration;
    this.#dialect = dialect;
    this.#experiments = dialect.judge.experiments(configuration);
    this.#judge = new FlagJudge(configuration, dialect.judge);
    this.#subjectColumn = subjectColumn;
  }

  /** Number of rows that name several variations. */
  get several(): number {
    return this.#several;
  }

  /** Returns `null` for a row that is not counted, because it names no variation, or several. */
  of(row: ExposureRow): RowPlace | null {
    const { allocation, experiment, flag, variation } = row;
    if (variation !== null && variation === this.#dialect.judge.severalVariations) {
      this.#several += 1;
      return null;
    }
    const plain = { flag, allocation, experiment, problem: null };
    const named = this.#flagsOf(row);
    const [only] = named;
    const isOne = only !== undefined && named.length === 1;
    const found = isOne && only.allocation === null ? this.#allocationOf(only.flag, row) : plain;
    if (found === null) return null;
    const name = { ...plain, ...found };
    return this.#withUnit(name, named, row);
  }

  /** The flags that a row may belong to. Their allocation is `null` if the row does not tell it. */
  #flagsOf({ allocation, experiment, flag }: ExposureRow): readonly ExperimentFlag[] {
    if (flag !== null && allocation !== null) return [{ flag, allocation, variations: [] }];
    const id = `${flag ?? ""}\0${experiment}`;
    const known = this.#named.get(id);
    if (known !== undefined) return known;
    const all = experiment === null ? [] : this.#experiments.flagsOf(experiment);
    const own = flag === null ? all : all.filter((it) => it.flag === flag);
    const named = own.length > 0 || flag === null ? own : [{ ...NO_EXPERIMENT, flag }];
    this.#named.set(id, named);
    return named;
  }

  /** What to add to the name of a row that names no allocation; `null` if it names no variation. */
  #allocationOf(flag: string, row: ExposureRow): Partial<ExperimentName> | null {
    const { classes, unlogged } = this.#splitsOf(flag);
    const { segment, variation } = row;
    const { noVariation } = this.#dialect.judge;
    if (typeof segment === "string") {
      const own = classes.find(({ keys }) => keys.includes(segment));
      if (own !== undefined) return { flag, allocation: own.key };
      if (unlogged.includes(segment)) return null;
    }
    const isArm = noVariation !== undefined && classes.some((it) => it.gives(noVariation));
    if (variation === noVariation && !isArm) return null;
    if (segment !== undefined && isArm) {
      return {
        problem: `the events do not distinguish the variation ${noVariation} from no variation`,
      };
    }
    if (classes.length < 2 || variation === null) return {};
    const giving = classes.filter((it) => it.gives(variation));
    const [first] = giving;
    if (first !== undefined && giving.length === 1 && !isContested(first, classes)) {
      return { flag, allocation: first.key };
    }
    const decided = this.#decide(flag, row);
    const own = classes.find(({ keys }) => decided !== null && keys.includes(decided));
    return own === undefined
      ? { problem: "the rows name no allocation, and their attributes do not show it" }
      : { flag, allocation: own.key };
  }

  /** The allocation that decides the flag for the subject of a row; `null` if the row does not show it. */
  #decide(
    flag: string,
    { attributes, count, isAnonymous, retyped, subject, timeMs }: ExposureRow,
  ): string | null {
    if (count !== null) return null;
    const key = isAnonymous ? "" : subject;
    const decision = this.#judge.decide(flag, { key, attributes, retyped }, timeMs, true);
    return decision.missing === null ? decision.allocation : null;
  }

  #splitsOf(flag: string): FlagSplits {
    const known = this.#flags.get(flag);
    if (known !== undefined) return known;
    const { explainer } = this.#dialect;
    const key = explainer.payloadKey(this.#configuration, flag);
    const { allocations } =
      key === null ? { allocations: [] } : explainer.describe(this.#configuration, key);
    const splits = {
      classes: splitClasses(allocations, (it) => JSON.stringify(this.#unitsOf(flag, it.key))),
      unlogged: allocations.flatMap((it) => (it.isLogged ? [] : [it.key])),
    };
    this.#flags.set(flag, splits);
    return splits;
  }

  #withUnit(name: ExperimentName, flags: readonly ExperimentFlag[], row: ExposureRow): RowPlace {
    const plain = { name, unit: null };
    if (this.#dialect.judge.unitsOf === undefined) return plain;
    if (row.count !== null || name.problem !== null) return plain;
    const id = experimentId(name);
    let units = this.#units.get(id);
    if (units === undefined) {
      const all = flags.map(({ allocation, flag }) => {
        return this.#unitsOf(flag, name.allocation ?? allocation);
      });
      const texts = new Set(all.map((it) => JSON.stringify(it)));
      units = texts.size > 1 ? [] : (all[0] ?? null);
      this.#units.set(id, units);
    }
    if (units === null) return plain;
    const column = this.#subjectColumn ?? row.subjectColumn ?? USUAL_SUBJECT;
    for (const unit of units) {
      const value = attributeValue(row.attributes, unit);
      if (value !== undefined && value !== null && value !== "") {
        return { name, unit: typeof value === "string" ? value : JSON.stringify(value) };
      }
      if (isSameName(unit, column)) return plain;
    }
    const [unit] = units;
    const problem =
      unit === undefined
        ? "several flags run this experiment and split it by different attributes"
        : `this experiment is split by ${unit}, which the rows lack`;
    return { name: { ...name, problem }, unit: null };
  }

  #unitsOf(flagKey: string, allocation: string | null): readonly string[] | null {
    const flag = this.#configuration.flag(flagKey);
    if (flag === null) return null;
    return this.#dialect.judge.unitsOf?.(flag, this.#configuration, allocation) ?? null;
  }
}

/** Whether two names differ only in their spelling: `user_id`, `userId`. */
function isSameName(one: string, other: string): boolean {
  const [a, b] = [one, other].map((name) => name.replaceAll("_", "").toLowerCase());
  return a === b;
}

/** Whether another class gives some of the same variations. */
function isContested(own: SplitClass, classes: readonly SplitClass[]): boolean {
  return classes.some((other) => {
    if (other === own) return false;
    return own.variations === null || own.variations.some((it) => other.gives(it));
  });
}
