import { DEFAULT, type Rule } from "../spec.js";

/** The result of a gate, a config or a layer. */
export interface Outcome {
  readonly kind: "decided" | "unsupported" | "unresolved";
  /** The value of a gate. */
  readonly value: boolean;
  /** The value of a config or a layer. */
  readonly json: unknown;
  /** The rule that decided, or `null`. */
  readonly rule: Rule | null;
  readonly ruleId: string;
  readonly groupName: string | null;
  /** Whether the subject is in an experiment. */
  readonly isGroup: boolean;
  /** The experiment that decided a layer. */
  readonly delegate: string | null;
  /** The variation of a config or a layer. */
  readonly variation: string;
  /** What decided it in this spec, not in its delegate. */
  readonly allocation: string;
}

/** The outcome of a spec of which nothing is known. */
export const UNDECIDED: Outcome = {
  kind: "unresolved",
  value: false,
  json: {},
  rule: null,
  ruleId: "",
  groupName: null,
  isGroup: false,
  delegate: null,
  variation: DEFAULT,
  allocation: DEFAULT,
};

/** Names a variation of another spec that decides: of the experiment of a layer, or of the target of an override. */
export function variationIn(spec: string, variation: string): string {
  return `${spec}: ${variation}`;
}
