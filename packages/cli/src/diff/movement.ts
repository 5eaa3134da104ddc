import type { Aspect, ComparedFlag, FlagComparison } from "@sortition/core/dialect";
import { valueText, variationValues } from "@sortition/core/dialect-internal";
import type { ExplainingClient } from "@sortition/core/internal";
import type { CliDialect } from "../dialects/dialect.js";
import type { Decision, FlagJudge, JudgedSubject } from "../judge/flag-judge.js";
import { hasAll } from "../judge/watched-attributes.js";
import type { Place } from "../rows/place.js";
import { type JointShares, jointShares } from "../shares/joint-shares.js";
import type { Movement } from "./flag-diff.js";
import { Moves } from "./moves.js";
import { onlyAspect, whyMoved } from "./why.js";

/**
 * A configuration that is ready to evaluate. Its client explains why a subject moved if several changes may be the
 * cause.
 */
export interface Side {
  readonly judge: FlagJudge;
  readonly client: ExplainingClient;
}

/** Compares the results of a flag in two configurations, and counts who moves. */
export class FlagMovement {
  readonly moves: Moves = new Moves();
  readonly #flag: FlagComparison;
  readonly #dialect: CliDialect;
  readonly #sides: readonly [Side, Side];
  readonly #nowMs: number;
  readonly #only: Aspect | null;
  readonly #needed: ReadonlySet<string>;
  readonly #values: readonly [ReadonlyMap<string, string>, ReadonlyMap<string, string>];

  /** @param needed - attributes without which a subject is undecided if the flag reads them. */
  constructor(
    flag: FlagComparison,
    dialect: CliDialect,
    sides: readonly [Side, Side],
    { needed, nowMs }: { readonly needed: ReadonlySet<string>; readonly nowMs: number },
  ) {
    this.#needed = needed;
    this.#flag = flag;
    this.#dialect = dialect;
    this.#sides = sides;
    this.#nowMs = nowMs;
    this.#only = onlyAspect(flag);
    this.#values = [valuesIn(flag.before), valuesIn(flag.after)];
  }

  /** Evaluates a subject with both configurations. */
  add(subject: JudgedSubject, { file, line }: Place): void {
    const { moves } = this;
    const { key } = this.#flag;
    // Watching reads takes time.
    const isWatched = !hasAll(this.#dialect.judge.attributesOf(subject.attributes), this.#needed);
    const [before, after] = this.#sides.map(({ judge }) =>
      judge.decide(key, subject, this.#nowMs, isWatched ? this.#needed : false),
    ) as [Decision, Decision];
    const open = [before, after].find((it) => it.kind === "unresolved");
    if (open !== undefined) {
      moves.addUndecided(open.reason);
      return;
    }
    const missing = before.missing ?? after.missing;
    if (missing !== null) {
      moves.addLacking(missing);
      return;
    }
    const [was, is] = [labelOf(before), labelOf(after)];
    const isMoved = was !== is || this.#isOtherValue(before, after);
    moves.add(was, is, isMoved, () => ({
      place: { file, line },
      subject: subject.key,
      why: this.#only ?? this.#whyOf(subject),
    }));
  }

  #isOtherValue(before: Decision, after: Decision): boolean {
    const { variation } = before;
    if (variation === null) return false; // the label is the value
    if (this.#dialect.judge.answersHaveValues) return before.value !== after.value;
    const [was, is] = this.#values;
    return was.get(variation) !== is.get(variation);
  }

  #whyOf({ attributes, key }: JudgedSubject): Aspect {
    const [before, after] = this.#sides;
    const question = { flagKey: this.#flag.key, subjectKey: key, attributes, nowMs: this.#nowMs };
    return whyMoved(
      before.client.answer(question).explanation,
      after.client.answer(question).explanation,
    );
  }
}

function valuesIn(flag: ComparedFlag | null): ReadonlyMap<string, string> {
  return flag === null ? new Map() : variationValues(flag.description);
}

/** The variation, or the value if it has no variation; `null` if nothing is assigned. */
function labelOf({ kind, value, variation }: Decision): string | null {
  if (kind === "error") return "(error)";
  if (kind !== "assigned") return null;
  return variation ?? valueText(value);
}

/** Computes moves from the flag's ranges alone; `null` if a rule reads attributes or the share of a part is unknown. */
export function movementOfShares(flag: FlagComparison, nowMs: number): Movement | null {
  const shares = jointShares(flag.before, flag.after, nowMs);
  if (shares === null) return null;
  const cells = cellsOf(shares, valuesIn(flag.before), valuesIn(flag.after));
  const moved = cells.reduce((sum, cell) => sum + cell.moved, 0);
  const only = onlyAspect(flag);
  const whys = new Map<Aspect, number>(only === null || moved === 0 ? [] : [[only, moved]]);
  return {
    source: "shares",
    total: 1,
    moved,
    undecided: 0,
    undecidedBy: null,
    lacking: new Map(),
    cells,
    whys,
  };
}

function cellsOf(
  shares: JointShares,
  was: ReadonlyMap<string, string>,
  is: ReadonlyMap<string, string>,
): Movement["cells"] {
  return [...shares].flatMap(([before, row]) =>
    [...row].map(([after, count]) => {
      const isMoved = before !== after || (before !== null && was.get(before) !== is.get(before));
      return { before, after, count, moved: isMoved ? count : 0, examples: [] };
    }),
  );
}
