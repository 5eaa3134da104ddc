import { amplitude } from "@sortition/amplitude/dialect";
import { type Attributes, Configuration, createClient } from "@sortition/core";
import type { Dialect } from "@sortition/core/dialect";
import { eppo } from "@sortition/core/eppo";
import { growthbook } from "@sortition/growthbook/dialect";
import { posthog } from "@sortition/posthog/dialect";
import type { Assignment } from "../../src/function/library/engine.js";

/** The arguments of a row, without its time. */
export interface Asked {
  readonly flag: string;
  readonly subject: string;
  readonly attributes: Readonly<Record<string, unknown>>;
}

const DIALECTS: Readonly<Record<string, () => Dialect>> = { amplitude, eppo, growthbook, posthog };

/** Returns what the native client returns and logs. */
export function clientAnswers(
  dialectName: string,
  config: unknown,
  rows: readonly Asked[],
  nowMs: number,
): readonly Omit<Assignment, "missing">[] {
  const dialect = DIALECTS[dialectName]?.();
  if (dialect === undefined) throw new Error(`no dialect ${dialectName}`);
  let experiment: string | null = null;
  const client = createClient({
    dialect,
    initialConfiguration: Configuration.from({
      dialect,
      payloads: { flags: JSON.stringify(config) },
    }),
    assignmentLogger: {
      logAssignment: (event) => {
        experiment = event.experiment;
      },
    },
    deduplication: { assignments: false, bandits: false },
    clock: { now: () => nowMs, monotonicMs: () => nowMs },
    diagnostics: { debug() {}, info() {}, warn() {}, error() {} },
  });
  return rows.map(({ attributes, flag, subject }) => {
    experiment = null;
    const given = attributes as Attributes; // any JSON
    if (dialectName === "amplitude") {
      const asked = client.getBooleanAssignmentDetails(flag, subject, given, false);
      const { allocationKey, exposure, isDefault, variationKey } = asked;
      const logged = exposure === null ? null : experiment;
      const value = client.getStringAssignmentDetails(flag, subject, given, "");
      return {
        variation: variationKey,
        allocation: allocationKey,
        experiment: isDefault ? null : logged,
        value: value.isDefault ? null : value.value,
      };
    }
    const details = client.evaluate({
      flagKey: flag,
      subjectKey: subject,
      subjectAttributes: given,
    });
    const { allocationKey, isDefault, value, variationKey } = details;
    return {
      variation: variationKey,
      allocation: allocationKey,
      // Exposures of prerequisites belong to other experiments.
      experiment: details.exposure.logged ? experiment : null,
      value: isDefault ? null : value,
    };
  });
}
