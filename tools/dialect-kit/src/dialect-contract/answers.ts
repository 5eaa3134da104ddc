import { expect } from "vitest";
import type { DialectCheck } from "./check.js";
import { askDetails, askValue, DEFAULT_VALUE, fits, VALUE_TYPES } from "./getters.js";
import { clientOf, configurationOf } from "./payloads.js";

const HOW: ReadonlySet<string> = new Set(["rule", "split", "fallthrough", "static"]);

/** Whether a call fails because it recurses endlessly. */
function endsStack(call: () => unknown): boolean {
  try {
    call();
    return false;
  } catch (error) {
    return error instanceof Error && error.cause instanceof RangeError;
  }
}

/** Rules about what a client returns for the valid payload. */
export const ANSWERS: readonly DialectCheck[] = [
  {
    name: "answers calls as documented",
    async check(harness) {
      const client = clientOf(await configurationOf(harness));
      for (const call of harness.calls) {
        const expected = Object.hasOwn(call, "value") ? call.value : DEFAULT_VALUE;
        expect({ ...call, value: askValue(client, call) }).toEqual({ ...call, value: expected });
      }
    },
  },
  {
    name: "gives the reasons that are documented, and finds cycles before the stack ends",
    async check(harness) {
      const configuration = await configurationOf(harness);
      const client = clientOf(configuration);
      const strict = clientOf(configuration, { isGracefulMode: false });
      for (const call of harness.calls.filter(({ reason }) => reason !== undefined)) {
        expect({ ...call, reason: askDetails(client, call).reason }).toEqual(call);
        if (call.reason === "SORTITION_EVALUATION") {
          expect({ ...call, endsStack: endsStack(() => askValue(strict, call)) }).toEqual({
            ...call,
            endsStack: false,
          });
        }
      }
    },
  },
  {
    name: "answers a repeated call the same, whatever was asked in between",
    async check(harness) {
      const client = clientOf(await configurationOf(harness));
      const answers = harness.calls.map((call) => askValue(client, call));
      for (const call of [...harness.calls].reverse()) askDetails(client, call);
      expect(harness.calls.map((call) => askValue(client, call))).toEqual(answers);
    },
  },
  {
    name: "assigns only values that fit the getter",
    async check(harness) {
      const configuration = await configurationOf(harness);
      const client = clientOf(configuration);
      for (const asked of harness.calls) {
        for (const type of VALUE_TYPES) {
          const { reason, variation } = askDetails(client, { ...asked, type });
          const isFit = reason === "assigned" ? fits(variation, type) : variation === DEFAULT_VALUE;
          expect({ flagKey: asked.flagKey, type, reason, isFit }).toMatchObject({ isFit: true });
        }
      }
    },
  },
  {
    name: "gives details that agree with values",
    async check(harness) {
      const client = clientOf(await configurationOf(harness));
      for (const asked of harness.calls) {
        for (const type of VALUE_TYPES) {
          const call = { ...asked, type };
          const { evaluationDetails, reason, variation } = askDetails(client, call);
          expect({ ...call, value: variation }).toEqual({ ...call, value: askValue(client, call) });
          expect(reason === "assigned").toBe(variation !== DEFAULT_VALUE);
          expect(typeof evaluationDetails).toBe("object");
        }
      }
    },
  },
  {
    name: "says how each assignment was made, and nothing of that for others",
    async check(harness) {
      const client = clientOf(await configurationOf(harness));
      for (const asked of harness.calls) {
        for (const type of VALUE_TYPES) {
          const call = { ...asked, type };
          const { allocationKey, how, reason, variationKey } = askDetails(client, call);
          const isKnown = how !== null && HOW.has(how);
          expect({ ...call, how, isKnown }).toMatchObject({ isKnown: reason === "assigned" });
          if (reason === "assigned") continue;
          const nothing = { how: null, variationKey: null, allocationKey: null };
          expect({ how, variationKey, allocationKey }).toEqual(nothing);
        }
      }
    },
  },
  {
    name: "takes an integer or another number where a number is asked for",
    async check(harness) {
      const client = clientOf(await configurationOf(harness));
      for (const { attributes: subjectAttributes, flagKey, subjectKey } of harness.calls) {
        const request = { flagKey, subjectKey, subjectAttributes, defaultValue: DEFAULT_VALUE };
        const [number, integer, numeric] = (["number", "integer", "numeric"] as const).map(
          (expectedType) => client.evaluate({ ...request, expectedType }),
        );
        const isNumber = number?.reason === "assigned";
        expect({ flagKey, isNumber }).toEqual({
          flagKey,
          isNumber: integer?.reason === "assigned" || numeric?.reason === "assigned",
        });
        if (isNumber) expect(Number.isFinite(number.variation)).toBe(true);
      }
    },
  },
  {
    name: "evaluates a subject without a key exactly if subjects need none",
    async check(harness) {
      const { needsSubjectKey, takesEmptySubjectKey = false } = harness.createDialect();
      const client = clientOf(await configurationOf(harness));
      for (const { attributes, flagKey, subjectKey, type } of harness.calls) {
        const request = { flagKey, subjectAttributes: attributes, expectedType: type };
        const isRefused = (key: string | null | undefined): boolean =>
          client.evaluate({ ...request, subjectKey: key }).reason === "SORTITION_INVALID_ARGUMENT";
        expect({ flagKey, refused: [undefined, null, "", subjectKey].map(isRefused) }).toEqual({
          flagKey,
          refused: [needsSubjectKey, needsSubjectKey, !takesEmptySubjectKey, false],
        });
      }
    },
  },
  {
    name: "logs the exposures met on the way, then its own, each once",
    async check(harness) {
      const { call, events } = harness.exposures;
      const logged: string[] = [];
      const client = clientOf(await configurationOf(harness), {
        assignmentLogger: {
          logAssignment: ({ experiment, variation }) => {
            logged.push(`${experiment} ${variation}`);
          },
        },
      });
      askValue(client, call);
      expect(logged).toEqual(events);
      askDetails(client, call);
      expect(logged).toEqual(events);
    },
  },
  {
    name: "gives each caller a JSON value of its own",
    async check(harness) {
      const client = clientOf(await configurationOf(harness));
      for (const call of harness.calls.filter(({ type }) => type === "json")) {
        const first = askValue(client, call);
        const isShared = typeof first === "object" && first !== null && first !== DEFAULT_VALUE;
        if (isShared) expect(askValue(client, call)).not.toBe(first);
      }
    },
  },
];
