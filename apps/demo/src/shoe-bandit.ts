import type { BanditEvent, Client } from "@sortition/node";
import type { DemoSubject } from "./subjects.js";

/** The flag that has a bandit as one of its variations. */
export const SHOE_FLAG = "shoe-offer";
/** The status quo: the shoe to show if no bandit chooses. */
const BEST_SELLER = "nike";
const SHOES = {
  nike: { price: 95, isNew: false },
  adidas: { price: 80, isNew: true },
};

/** The reference to the bandit in the flags of the vendor's server. */
export const SHOE_REFERENCES: object = {
  "shoe-bandit": {
    modelVersion: "2026-01",
    flagVariations: [
      {
        key: "shoe-bandit",
        flagKey: SHOE_FLAG,
        variationKey: "bandit",
        variationValue: "shoe-bandit",
      },
    ],
  },
};

/** Returns the bandit's model as the vendor's server would send it. Returning customers prefer cheap and new shoes. */
export function shoeModels(nowMs: number): string {
  const updatedAt = new Date(nowMs).toISOString();
  const model = {
    banditKey: "shoe-bandit",
    modelName: "falcon",
    modelVersion: "2026-01",
    updatedAt,
    modelData: {
      gamma: 1,
      defaultActionScore: 0,
      actionProbabilityFloor: 0.2,
      coefficients: {
        nike: coefficients("nike", 3.2, -0.4, -0.02, 0),
        adidas: coefficients("adidas", 1.5, 0.9, -0.01, 0.5),
      },
    },
  };
  return JSON.stringify({ updatedAt, bandits: { "shoe-bandit": model } });
}

/** The result of offering shoes to all subjects. */
export interface ShoeOffers {
  /** How often each shoe was shown, and how often the bandit chose it. */
  readonly shown: ReadonlyMap<string, number>;
  readonly chosen: ReadonlyMap<string, number>;
  /** Number of visitors who saw the best seller because no bandit chose. */
  readonly statusQuo: number;
}

/** Offers each subject the shoe that the bandit chooses, or otherwise the best seller. */
export function offerShoes(client: Client, subjects: readonly DemoSubject[]): ShoeOffers {
  const shown = new Map<string, number>();
  const chosen = new Map<string, number>();
  let statusQuo = 0;
  for (const { subjectKey, subjectAttributes } of subjects) {
    const { action } = client.getBanditAction(
      SHOE_FLAG,
      subjectKey,
      subjectAttributes,
      SHOES,
      "control",
    );
    const shoe = action ?? BEST_SELLER;
    shown.set(shoe, (shown.get(shoe) ?? 0) + 1);
    if (action === null) statusQuo += 1;
    else chosen.set(action, (chosen.get(action) ?? 0) + 1);
  }
  return { shown, chosen, statusQuo };
}

/** Counts logged bandit actions. */
export class ChoiceCounter {
  readonly counts: Map<string, number> = new Map();

  get total(): number {
    return [...this.counts.values()].reduce((sum, count) => sum + count, 0);
  }

  add({ action }: BanditEvent): void {
    this.counts.set(action, (this.counts.get(action) ?? 0) + 1);
  }
}

/** Prints the shoes that visitors saw. Returns whether each choice was logged once. */
export function printOffers(
  { shown, chosen, statusQuo }: ShoeOffers,
  logged: ChoiceCounter,
): boolean {
  const total = [...shown.values()].reduce((sum, count) => sum + count, 0);
  console.log(
    `\n  ${SHOE_FLAG}: shoes for ${total}, ${statusQuo} of them the best seller without a bandit`,
  );
  let isComplete = true;
  for (const [shoe, count] of [...shown].sort()) {
    const share = ((count / total) * 100).toFixed(2);
    const choices = chosen.get(shoe) ?? 0;
    const events = logged.counts.get(shoe) ?? 0;
    if (events !== choices) isComplete = false;
    console.log(
      `    ${shoe.padEnd(22)} shown to ${share.padStart(5)}%   chosen ${choices} times, ` +
        `${events} logged${events === choices ? "" : ": NOT AS EXPECTED"}`,
    );
  }
  return isComplete;
}

function coefficients(
  actionKey: string,
  intercept: number,
  perOrder: number,
  perPrice: number,
  forNew: number,
): object {
  return {
    actionKey,
    intercept,
    subjectNumericCoefficients: [numeric("orders", perOrder)],
    subjectCategoricalCoefficients: [
      {
        attributeKey: "tier",
        valueCoefficients: { gold: 0.3, platinum: 0.6 },
        missingValueCoefficient: 0,
      },
    ],
    actionNumericCoefficients: [numeric("price", perPrice)],
    actionCategoricalCoefficients: [
      { attributeKey: "isNew", valueCoefficients: { true: forNew }, missingValueCoefficient: 0 },
    ],
  };
}

function numeric(attributeKey: string, coefficient: number): object {
  return { attributeKey, coefficient, missingValueCoefficient: 0 };
}
