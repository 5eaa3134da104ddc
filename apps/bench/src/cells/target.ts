import { formatFigure, type Unit } from "../unit.js";

export type Statistics = Readonly<Record<"min" | "median" | "p99" | "max", number>>;

export interface TargetReport {
  readonly text: string;
  readonly figure: number;
  /** `times`: the figure is a factor. */
  readonly unit: Unit | "times";
  readonly isMet: boolean;
}

/** A target for a figure, minimum against minimum. */
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
export function limit(participant: string, atMost: number): Target {
  return {
    participants: [participant],
    report(unit, { min: figure }) {
      const text = `${participant} ≤ ${formatFigure(atMost, unit)}`;
      return { text, figure, unit, isMet: figure <= atMost };
    },
  };
}
