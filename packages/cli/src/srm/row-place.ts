import type { Configuration } from "@sortition/core";
import type { AllocationDescription, HashedUnit } from "@sortition/core/dialect";
import type { CliDialect } from "../dialects/dialect.js";
import type { ExposureRow } from "../events/exposure-row.js";
import { isNamedAs } from "../events/subject-units.js";
import type { ExperimentFlag, ExperimentNames } from "../judge/experiment-names.js";
import { type Decision, FlagJudge } from "../judge/flag-judge.js";
import { unneededBy } from "../judge/flag-reads.js";
import { madeOnce } from "../made-once.js";
import { shellWord } from "../text/shell-word.js";
import type { ExperimentSource } from "./configured-shares.js";
import { totalOf } from "./counts.js";
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
  readonly allocations: readonly AllocationDescription[];
  readonly classes: readonly SplitClass[];
  /** Keys of the allocations whose assignments are not logged. */
  readonly unlogged: readonly string[];
}

/** Who takes part in an experiment, and what was hashed to split it. */
interface Participation {
  readonly unit: HashedUnit | null;
  /** Whether only some subjects may take part, and events show which. */
  readonly isTold: boolean;
  /** Whether all subjects of the split take part. */
  readonly isWhole: boolean;
  /** Why it cannot be tested; `null` if it can. */
  readonly problem: string | null;
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
  readonly #named = new Map<string, readonly ExperimentFlag[]>();
  readonly #flags = new Map<string, FlagSplits>();
  readonly #skipped = new Map<string, number>();
  readonly #participations = new Map<string, Participation>();
  readonly #countedUnits = new Set<string>();

  constructor(configuration: Configuration, dialect: CliDialect) {
    this.#configuration = configuration;
    this.#dialect = dialect;
    this.#experiments = dialect.judge.experiments(configuration);
    const unneeded = unneededBy(configuration, dialect);
    this.#judge = new FlagJudge(configuration, dialect.judge, unneeded);
  }

  /** Number of rows that were skipped because the split did not assign their subjects, by description. */
  get skipped(): ReadonlyMap<string, number> {
    return this.#skipped;
  }

  /** Names of units other than the subject's key. Rows of counts must count their values. */
  get countedUnits(): ReadonlySet<string> {
    return this.#countedUnits;
  }

  /** Returns `null` for a row that is not counted, because it names no variation or one that no split assigned. */
  of(row: ExposureRow): RowPlace | null {
    const { allocation, experiment, flag, variation } = row;
    const { severalVariations } = this.#dialect.judge;
    if (variation !== null && variation === severalVariations) {
      return this.#skip(`with several variations (${severalVariations})`);
    }
    if (row.isSticky) return this.#skip("whose variation a sticky bucket kept");
    const plain = { flag, allocation, experiment, problem: null };
    const named = this.#flagsOf(row);
    const [only] = named;
    const isOne = only !== undefined && named.length === 1;
    const found = isOne && only.allocation === null ? this.#allocationOf(only.flag, row) : plain;
    if (found === null) return null;
    const name = { ...plain, ...found };
    return name.problem === null ? this.#placeOf(name, named, row) : { name, unit: null };
  }

  /** Whether an allocation gives the subject of a row a variation; `null` if the row does not show it. */
  takes({ flag, index }: ExperimentSource, row: ExposureRow, timeMs: number): boolean | null {
    const decision = this.#decide(flag.key, { ...row, timeMs });
    if (decision === null) return null;
    const { allocation, exposure } = decision;
    if (allocation !== null) return allocation === flag.allocations[index]?.key;
    // The rules of GrowthBook may have no ID.
    return exposure !== null && [exposure.experiment, null].includes(row.experiment);
  }

  #skip(which: string): null {
    this.#skipped.set(which, (this.#skipped.get(which) ?? 0) + 1);
    return null;
  }

  /** The flags that a row may belong to. Their allocation is `null` if the row does not tell it. */
  #flagsOf({ allocation, experiment, flag }: ExposureRow): readonly ExperimentFlag[] {
    if (flag !== null && allocation !== null) return [{ flag, allocation, variations: [] }];
    return madeOnce(this.#named, `${flag ?? ""}\0${experiment}`, () => {
      const all = experiment === null ? [] : this.#experiments.flagsOf(experiment);
      const own = flag === null ? all : all.filter((it) => it.flag === flag);
      return own.length > 0 || flag === null ? own : [{ ...NO_EXPERIMENT, flag }];
    });
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
    const decided = this.#decide(flag, row)?.allocation ?? null;
    const own = classes.find(({ keys }) => decided !== null && keys.includes(decided));
    return own === undefined ? { problem: NO_ALLOCATION } : { flag, allocation: own.key };
  }

  /** The result of the flag for the subject of a row; `null` if the row does not show it. */
  #decide(
    flag: string,
    { attributes, count, isAnonymous, retyped, subject, timeMs }: ExposureRow,
  ): Decision | null {
    if (count !== null) return null;
    const key = isAnonymous ? "" : subject;
    const decision = this.#judge.decide(flag, { key, attributes, retyped }, timeMs, true);
    return decision.missing === null ? decision : null;
  }

  #splitsOf(flag: string): FlagSplits {
    return madeOnce(this.#flags, flag, () => {
      const { explainer } = this.#dialect;
      const key = explainer.payloadKey(this.#configuration, flag);
      const { allocations } =
        key === null ? { allocations: [] } : explainer.describe(this.#configuration, key);
      const unlogged = allocations.flatMap((it) => (it.isLogged ? [] : [it.key]));
      return { allocations, classes: splitClasses(allocations), unlogged };
    });
  }

  #placeOf(
    name: ExperimentName,
    flags: readonly ExperimentFlag[],
    row: ExposureRow,
  ): RowPlace | null {
    const { isTold, isWhole, problem, unit } = this.#participationOf(name, flags);
    const untested = (why: string): RowPlace => ({ name: { ...name, problem: why }, unit: null });
    if (problem !== null) return untested(problem);
    if (isTold) {
      const takesPart = row.isParticipant ?? (isWhole || this.#takesPart(flags, row));
      if (takesPart === null) return untested(UNTOLD);
      if (!takesPart) return this.#skip("of subjects that do not take part in the experiment");
    }
    if (unit === null) return { name, unit: null };
    if (row.count !== null) return this.#withCount(name, unit);
    const { attributes, person, subject: key } = row;
    const value = this.#dialect.explainer.unitOf(unit, { key, person, attributes });
    if (value !== null) return { name, unit: value === key ? null : value };
    if (isNamedAs(unit, row.subjectColumn ?? USUAL_SUBJECT)) return { name, unit: null };
    const [attribute] = unit.attributes;
    const target = attribute === undefined ? "person" : `attributes.${attribute}`;
    const map = shellWord(`${target}=COLUMN`);
    return untested(`this experiment is split by ${unit.name}. Name its column with --map ${map}`);
  }

  /** The place of a row of counts, which do not say what was counted. */
  #withCount(name: ExperimentName, { attributes, name: unit }: HashedUnit): RowPlace {
    if (attributes.length > 0) this.#countedUnits.add(unit);
    return { name, unit: null };
  }

  /** Whether the subject of a row takes part; `null` if the row does not show it. */
  #takesPart(flags: readonly ExperimentFlag[], row: ExposureRow): boolean | null {
    const [only] = flags;
    if (only === undefined || flags.length > 1) return null;
    const decision = this.#decide(only.flag, row);
    return decision && decision.exposure?.eventFields?.["inExperiment"] === true;
  }

  #participationOf(name: ExperimentName, flags: readonly ExperimentFlag[]): Participation {
    return madeOnce(this.#participations, experimentId(name), () => this.#read(name, flags));
  }

  #read(name: ExperimentName, flags: readonly ExperimentFlag[]): Participation {
    const allocations = flags.flatMap(({ allocation, flag }) => {
      const key = name.allocation ?? allocation;
      return this.#splitsOf(flag).allocations.filter((it) => {
        return key === null ? it.isLogged : it.key === key;
      });
    });
    const units = allocations.flatMap(({ unit }) => unit ?? []);
    const isOne = new Set(units.map((it) => it.name)).size <= 1;
    const shares = allocations.flatMap(({ participants }) => participants ?? []);
    return {
      unit: units[0] ?? null,
      isTold: shares.length > 0,
      isWhole: shares.every(isWhole),
      problem: isOne
        ? null
        : "several flags run this experiment and split it by different attributes",
    };
  }
}

const NO_ALLOCATION =
  "neither the rows nor their attributes show the allocation. Name its column with --map allocation=COLUMN";
const UNTOLD =
  "not all subjects take part, and the rows do not show which. Name the column with --map in-experiment=COLUMN";
/** Shares that differ by less than this are equal. */
const TOLERANCE = 1e-9;

function isWhole(shares: ReadonlyMap<string, number>): boolean {
  return totalOf(shares) > 1 - TOLERANCE;
}

/** Whether another class gives some of the same variations. */
function isContested(own: SplitClass, classes: readonly SplitClass[]): boolean {
  return classes.some((other) => {
    if (other === own) return false;
    return own.variations === null || own.variations.some((it) => other.gives(it));
  });
}
