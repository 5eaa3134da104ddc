// A Worker that uses core, for `isolates.test.ts`. On Node, the test calls `answersOf` for the same subjects.
import { amplitude } from "@sortition/amplitude/dialect";
import { Configuration, createClient, staticSource } from "@sortition/core";
import { eppo } from "@sortition/core/eppo";
import { growthbook } from "@sortition/growthbook/dialect";
import { posthog } from "@sortition/posthog/dialect";

const DIALECTS = { eppo, growthbook, amplitude, posthog };
const SUBJECTS = Array.from({ length: 200 }, (_, i) => `subject-${i}`);

/** Creates two clients per dialect: one with an initial configuration, and one with a source. */
export function makeClients(payloads) {
  return Object.entries(DIALECTS).map(([name, dialectOf]) => {
    const dialect = dialectOf();
    const configuration = Configuration.from({ dialect, payloads: payloads[name] });
    const options = { dialect, assignmentLogger: { logAssignment() {} } };
    return {
      name,
      given: createClient({ ...options, initialConfiguration: configuration }),
      sourced: createClient({ ...options, source: staticSource(configuration) }),
    };
  });
}

/** Returns the variation of each subject by dialect. */
export async function answersOf(clients) {
  const answers = {};
  for (const { given, name, sourced } of clients) {
    await sourced.waitForInitialization();
    for (const [kind, client] of Object.entries({ given, sourced })) {
      const { ageMs, state } = client.status;
      answers[`${name} ${kind} ${state} ${ageMs !== null && ageMs < 60_000}`] = SUBJECTS.map(
        (subject) => client.getStringAssignment("kept", subject, {}, "none"),
      ).join(" ");
    }
  }
  return answers;
}

/** Creates a logger that takes 50 ms. */
export function slowLogger(delivered) {
  return {
    async logAssignment({ subject }) {
      await new Promise((resolve) => setTimeout(resolve, 50));
      delivered.push(subject);
    },
  };
}
