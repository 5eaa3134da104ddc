import type { Messages } from "../messages.js";
import { count } from "../text/values.js";
import { type Place, placeText } from "./place.js";
import type { RowLimits } from "./row-limits.js";

/** Maximum number of lines and row shapes to list. Others are only counted. */
const MAX_NAMED = 10;
/** Maximum number of problems to count separately. Others are counted together. */
const MAX_PROBLEMS = 50;
const OTHER_PROBLEMS = "(others)";

/** Lines of one shape that have the same problem. */
interface BadShape {
  /** The first of these lines. */
  readonly place: Place;
  count: number;
}

/** Counts the lines of an input that are unusable, or whose requests fail, and reports them on stderr. */
export class BadLines {
  readonly #messages: Messages;
  readonly #problems = new Map<string, number>();
  readonly #shapes = new Map<string, BadShape>();
  readonly #limits: RowLimits;
  #rows = 0;
  #unsampled = 0;
  #count = 0;
  #named = 0;

  constructor(messages: Messages, limits: RowLimits) {
    this.#messages = messages;
    this.#limits = limits;
  }

  /** Whether more lines are unusable than `--max-bad` allows. */
  get isTooMany(): boolean {
    return this.#limits.isTooManyBad(this.count, this.#rows);
  }

  /**
   * Whether an input without anything to judge is allowed, because it has no rows or all its rows are in other parts.
   */
  get isEmptyAllowed(): boolean {
    const { allowsEmpty, isPart } = this.#limits;
    return this.#rows === 0 ? allowsEmpty : isPart && this.#unsampled > 0;
  }

  /**
   * Reports that there is nothing to judge, as an error unless that is allowed.
   *
   * @param name - name of the input.
   * @param missing - what the input lacks, e.g. `no exposure`.
   * @param found - what the input has instead, after a space.
   */
  reportNothing(name: string, missing: string, found: string): void {
    const nothing = `${name}: nothing to judge`;
    if (this.isEmptyAllowed) {
      const why =
        this.#rows === 0 ? "the input has no rows" : "none of its subjects are in this part";
      this.#messages.plain(`${nothing}: ${why}`);
      return;
    }
    const hint = this.#rows === 0 ? ". If the input may be empty, add --allow-empty" : "";
    this.#messages.error(`${nothing}: ${missing} found${found}${hint}`);
  }

  get count(): number {
    let shaped = 0;
    for (const { count: n } of this.#shapes.values()) shaped += n;
    return this.#count + shaped;
  }

  /** Number of rows, usable or not. */
  get rows(): number {
    return this.#rows;
  }

  /** Number of lines by problem, without those of {@link noteShape}. */
  get problems(): ReadonlyMap<string, number> {
    return this.#problems;
  }

  /** Counts a row, usable or not. */
  countRow(): void {
    this.#rows += 1;
  }

  /** Counts a row whose subject is outside the sample. */
  countUnsampled(): void {
    this.#unsampled += 1;
  }

  note(place: Place, problem: string): void {
    this.countProblem(withoutValues(problem));
    if (this.#named === MAX_NAMED) return;
    this.#named += 1;
    this.#messages.warning(`${placeText(place)}: ${problem}`);
  }

  /** Records a problem that all rows of the same shape have. It is reported once instead of for each line. */
  noteShape({ file, line }: Place, problem: string): void {
    const known = this.#shapes.get(problem);
    if (known !== undefined) known.count += 1;
    else if (this.#shapes.size < MAX_NAMED) {
      this.#shapes.set(problem, { place: { file, line }, count: 1 });
    } else this.countProblem(problem);
  }

  /** Counts a line with a problem that is reported elsewhere. */
  countProblem(problem: string): void {
    const isCounted = this.#problems.has(problem) || this.#problems.size < MAX_PROBLEMS;
    const name = isCounted ? problem : OTHER_PROBLEMS;
    this.#problems.set(name, (this.#problems.get(name) ?? 0) + 1);
    this.#count += 1;
  }

  /** Reports the shapes, and the number of lines by problem unless all of them were listed. */
  finish(): void {
    for (const [problem, { count: n, place }] of this.#shapes) {
      const all = n === 1 ? "" : ` (${count(n)} lines)`;
      this.#messages.warning(`${placeText(place)}: ${problem}${all}`);
    }
    if (this.#count === this.#named) return;
    this.#messages.warning(`${count(this.#count)} lines could not be read`);
    const byCount = [...this.#problems].sort(([, a], [, b]) => b - a);
    for (const [problem, n] of byCount) this.#messages.plain(`  ${count(n)} ${problem}`);
  }
}

/** Removes values, so that lines with the same problem are counted together. */
function withoutValues(problem: string): string {
  return problem.replace(/(?:, got | at column |: ").*$/s, "");
}
