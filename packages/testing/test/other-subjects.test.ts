import type { AssignmentEvent, EvaluationRequest } from "@sortition/core";
import { describe, expect, it } from "vitest";
import { split } from "../src/index.js";
import { FORMATS } from "./formats.js";

const CONTEXT = { context: { kind: "user", key: "unit-1" } };
const USER = { user: { userID: "unit-1" } };

/** Requests whose subject is in its attributes, or in what the vendor's SDK accepts. Other formats hash the subject key. */
const REQUESTS: Readonly<Record<string, readonly Partial<EvaluationRequest>[]>> = {
  GrowthBook: [{ subjectAttributes: { id: "unit-1" } }],
  LaunchDarkly: [
    { subjectAttributes: { kind: "user", key: "unit-1" } },
    ...[{ extras: CONTEXT }, { extras: CONTEXT, subjectKey: "caller" }],
  ],
  Statsig: [{ extras: USER }, { extras: USER, subjectKey: "caller" }],
};

describe.each(FORMATS)(
  "calls with another subject than the key in $format",
  ({ create, format, readAs }) => {
    const flags = create();
    flags
      .string("checkout")
      .variations("fast", "slow")
      .otherwise(split({ fast: 50, slow: 50 }));
    const flag = readAs("checkout");

    function exposureOf(request: Partial<EvaluationRequest>) {
      const events: AssignmentEvent[] = [];
      const assignmentLogger = {
        logAssignment: (event: AssignmentEvent) => void events.push(event),
      };
      const client = flags.client({ assignmentLogger });
      const asked = { flagKey: flag, defaultValue: "none", expectedType: "string" } as const;
      const { value } = client.evaluate({ ...asked, ...request });
      return { value, subjects: events.map(({ subject }) => subject) };
    }

    it.each(REQUESTS[format] ?? [])("log the hashed key of %o as the subject", (request) => {
      const { subjects, value } = exposureOf({ subjectKey: null, ...request });
      expect(subjects).toEqual(["unit-1"]);
      expect(value).toBe(exposureOf({ subjectKey: "unit-1" }).value);
    });

    it("log nothing if there is no key", () => {
      expect(exposureOf({ subjectKey: null }).subjects).toEqual([]);
    });
  },
);
