import { formatFigure, type Unit } from "../unit.js";

export type Statistic = "min" | "median" | "p99" | "max";
export type Statistics = Readonly<Record<Statistic, number>>;

export interface TargetReport {
  readonly text: string;
  readonly figure: number;
  /** `times`: the figure is a factor. */
  readonly unit: Unit | "times";
  readonly isMet: boolean;
}

/** A target for a figure, minimum against minimum unless it names another statistic. */
export interface Target {
  /** A participant, optionally followed by one to compare with. Not reported if one of them was not measured. */
  readonly participants: readonly [string, string?];
  report(unit: Unit, its: Statistics, others: Statistics): TargetReport;
}

/** Requires `participant` to be at least `atLeast` times as fast as `than`. */
export function speedUp(participant: string, than: string, atLeast: number): Target {
  return {
    participants: [participant, than],
    report(_, its, others) {
      const figure = others.min / its.min;
      const text = `${participant} ≥ ${atLeast} × as fast as ${than}`;
      return { text, figure, unit: "times", isMet: figure >= atLeast };
    },
  };
}

/** Requires `participant` to take at most `atMost` times as much as `over`, plus `plus` in the unit of the cell. */
export function ratio(participant: string, over: string, atMost: number, plus = 0): Target {
  return {
    participants: [participant, over],
    report(unit, its, others) {
      const text = `${participant} ≤ ${atMost} × (${over})`;
      const figure = its.min / others.min;
      if (plus === 0) return { text, figure, unit: "times", isMet: figure <= atMost };
      const bound = atMost * others.min + plus;
      const limit = `${text} + ${formatFigure(plus, unit)} = ${formatFigure(bound, unit)}`;
      return { text: limit, figure: its.min, unit, isMet: its.min <= bound };
    },
  };
}

/** Requires `participant` to take at most `atMost`, in the unit of the cell. */
export function limit(participant: string, atMost: number, of: Statistic = "min"): Target {
  return {
    participants: [participant],
    report(unit, { [of]: figure }) {
      const name = of === "min" ? participant : `${participant}, ${of}`;
      const text = `${name} ≤ ${formatFigure(atMost, unit)}`;
      return { text, figure, unit, isMet: figure <= atMost };
    },
  };
}

/** Requires the median of `participant` to be between `atLeast` and `atMost` times that of `over`. */
export function same(
  participant: string,
  over: string,
  [atLeast, atMost]: readonly [number, number],
): Target {
  return {
    participants: [participant, over],
    report(_, its, others) {
      const figure = its.median / others.median;
      const text = `median of ${participant} is ${atLeast} to ${atMost} × (${over})`;
      return { text, figure, unit: "times", isMet: figure >= atLeast && figure <= atMost };
    },
  };
}
