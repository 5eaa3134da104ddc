import type { Messages } from "../messages.js";
import { count } from "../text/values.js";

/** Lines that are named; the others are counted. */
const MAX_NAMED = 10;
/** Problems that are counted one by one; the others are counted together. */
const MAX_PROBLEMS = 50;
const OTHER_PROBLEMS = "(others)";

interface NamedLine {
  readonly line: number;
  readonly problem: string;
}

/** What is known of the bad lines of a part, in a form that is cheap to send to another thread. */
export interface BadPart {
  readonly count: number;
  /** The first lines. */
  readonly named: readonly NamedLine[];
  /** The first line of each problem that all rows of a shape have. */
  readonly shapes: readonly NamedLine[];
  /** By problem, without the values that cause it. */
  readonly problems: ReadonlyMap<string, number>;
}

/** Notes the lines of a part of an input that could not be used. */
export class LineNotes {
  #count = 0;
  readonly #named: NamedLine[] = [];
  readonly #shapes: NamedLine[] = [];
  readonly #problems = new Map<string, number>();

  note(line: number, problem: string): void {
    this.#countOne(problem);
    if (this.#named.length < MAX_NAMED) this.#named.push({ line, problem });
  }

  /** Notes a problem that all rows of the same shape have: it is reported once, not for each line. */
  noteShape(line: number, problem: string): void {
    this.#countOne(problem);
    if (!this.#shapes.some((it) => it.problem === problem)) this.#shapes.push({ line, problem });
  }

  get part(): BadPart {
    return {
      count: this.#count,
      named: this.#named,
      shapes: this.#shapes,
      problems: this.#problems,
    };
  }

  #countOne(problem: string): void {
    this.#count += 1;
    addTo(this.#problems, withoutValues(problem), 1);
  }
}

/** Counts the lines of an input that could not be used, and names the first ones on stderr. */
export class BadLines {
  readonly #messages: Messages;
  readonly #problems = new Map<string, number>();
  readonly #shapes = new Set<string>();
  #count = 0;
  #named = 0;

  constructor(messages: Messages) {
    this.#messages = messages;
  }

  get count(): number {
    return this.#count;
  }

  add({ count: more, named, problems, shapes }: BadPart): void {
    for (const noted of named.slice(0, MAX_NAMED - this.#named)) {
      this.#named += 1;
      this.#name(noted);
    }
    for (const noted of shapes) {
      if (this.#shapes.has(noted.problem)) continue;
      this.#shapes.add(noted.problem);
      this.#name(noted);
    }
    this.#count += more;
    for (const [problem, n] of problems) {
      const isCounted = this.#problems.has(problem) || this.#problems.size < MAX_PROBLEMS;
      addTo(this.#problems, isCounted ? problem : OTHER_PROBLEMS, n);
    }
  }

  #name({ line, problem }: NamedLine): void {
    this.#messages.warning(`line ${line}: ${problem}`);
  }

  /** Reports how many there were, by problem, unless all of them were named. */
  finish(): void {
    if (this.#count === this.#named + this.#shapes.size) return;
    this.#messages.warning(`${count(this.#count)} lines could not be used`);
    const byCount = [...this.#problems].sort(([, a], [, b]) => b - a);
    for (const [problem, n] of byCount) this.#messages.plain(`  ${count(n)} ${problem}`);
  }
}

/** Lines with the same problem differ by what they have in place of what was expected. */
function withoutValues(problem: string): string {
  return problem.replace(/(?:, got | at column |: ").*$/s, "");
}

function addTo(counts: Map<string, number>, name: string, n: number): void {
  counts.set(name, (counts.get(name) ?? 0) + n);
}
