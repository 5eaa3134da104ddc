// Evaluates all flags of a dialect for 200 subjects. Runs in workerd and on Node.

import { amplitude } from "@sortition/amplitude/dialect";
import { eppo } from "@sortition/core/eppo";
import { growthbook } from "@sortition/growthbook/dialect";
import { posthog } from "@sortition/posthog/dialect";

/** Factories by the name of the dialect. */
export const DIALECTS = {
  eppo: () => eppo(),
  growthbook: () => growthbook(),
  amplitude: () => amplitude(),
  posthog: () => posthog({ projectApiKey: "phc_project" }),
};

const SUBJECTS = 200;

/** Returns the value of each flag, subject by subject. */
export function answersOf(client) {
  return Array.from({ length: SUBJECTS }, (_, i) => {
    const subjectKey = `subject-${i}`;
    const plan = ["pro", "team", "free"][i % 3];
    const country = i % 2 === 0 ? "DE" : "NL";
    const attributes = { id: subjectKey, country, plan };
    return [...client.getFlagKeys()].map((flagKey) => {
      const request = { flagKey, subjectKey, subjectAttributes: attributes, defaultValue: null };
      const details = client.evaluate(request);
      return [flagKey, details.value];
    });
  });
}
