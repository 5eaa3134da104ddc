import type { Client } from "@sortition/core";
import { expect } from "vitest";
import type { DialectCheck } from "./check.js";
import { askDetails, askValue, DEFAULT_VALUE, fits, withEachType } from "./getters.js";
import { clientOf, configurationOf } from "./payloads.js";

const ASSIGNED: ReadonlySet<string> = new Set([
  ...["rule", "split", "fallthrough", "static", "disabled"],
]);
const DEFAULTED: ReadonlySet<string> = new Set([
  ...["disabled", "cycle", "no-allocation", "unresolved", "error"],
  ...["flag-not-found", "not-initialized"],
]);

/** Whether a call fails because it recurses endlessly. */
function endsStack(call: () => unknown): boolean {
  try {
    call();
    return false;
  } catch (error) {
    return error instanceof Error && error.cause instanceof RangeError;
  }
}

/** Removes all members of a value and of the objects in it. Values that are frozen cannot be changed. */
function empty(value: unknown): void {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return;
  for (const name of Object.keys(value)) {
    empty(Reflect.get(value, name));
    Reflect.deleteProperty(value, name);
  }
  if (Array.isArray(value)) value.length = 0;
}

/** Rules about what a client returns for the valid payload. */
export const ANSWERS: readonly DialectCheck[] = [
  {
    name: "returns the documented values",
    async check(harness) {
      const client = clientOf(await configurationOf(harness));
      for (const call of harness.calls) {
        const expected = Object.hasOwn(call, "value") ? call.value : DEFAULT_VALUE;
        expect({ ...call, value: askValue(client, call) }).toEqual({ ...call, value: expected });
      }
    },
  },
  {
    name: "reports the documented reasons, and detects cycles before the stack overflows",
    async check(harness) {
      const configuration = await configurationOf(harness);
      const client = clientOf(configuration);
      const strict = clientOf(configuration, { isGracefulMode: false });
      for (const call of harness.calls.filter(({ reason }) => reason !== undefined)) {
        const { errorCode, reason } = askDetails(client, call);
        expect({ ...call, reason: errorCode ?? reason }).toEqual(call);
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
    name: "returns the same for a repeated call, whatever was called in between",
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
      for (const call of withEachType(harness.calls)) {
        const { isDefault, reason, value } = askDetails(client, call);
        const isFit = isDefault ? value === DEFAULT_VALUE : fits(value, call.type);
        expect({ ...call, reason, isFit }).toMatchObject({ isFit: true });
      }
    },
  },
  {
    name: "returns details that agree with values",
    async check(harness) {
      const client = clientOf(await configurationOf(harness));
      for (const call of withEachType(harness.calls)) {
        const { evaluationDetails, isDefault, value } = askDetails(client, call);
        expect({ ...call, value }).toEqual({ ...call, value: askValue(client, call) });
        expect(isDefault).toBe(value === DEFAULT_VALUE);
        expect(typeof evaluationDetails).toBe("object");
      }
    },
  },
  {
    name: "reports how each assignment was made, and nothing for other results",
    async check(harness) {
      const client = clientOf(await configurationOf(harness));
      for (const call of withEachType(harness.calls)) {
        const details = askDetails(client, call);
        const { allocationKey, errorCode, isDefault, reason, variationKey } = details;
        const isRight = (isDefault ? DEFAULTED : ASSIGNED).has(reason);
        expect({ ...call, reason, isRight }).toMatchObject({ isRight: true });
        const isError = errorCode !== null;
        expect({ ...call, isError }).toMatchObject({ isError: reason === "error" });
        if (!isDefault) continue;
        const nothing = { variationKey: null, allocationKey: null };
        expect({ variationKey, allocationKey }).toEqual(nothing);
      }
    },
  },
  {
    name: "returns an integer or another number if a number is expected",
    async check(harness) {
      const client = clientOf(await configurationOf(harness));
      for (const { attributes: subjectAttributes, flagKey, subjectKey } of harness.calls) {
        const request = { flagKey, subjectKey, subjectAttributes, defaultValue: DEFAULT_VALUE };
        const [number, integer, numeric] = (["number", "integer", "numeric"] as const).map(
          (expectedType) => client.evaluate({ ...request, expectedType }),
        );
        const isNumber = number?.isDefault === false;
        expect({ flagKey, isNumber }).toEqual({
          flagKey,
          isNumber: integer?.isDefault === false || numeric?.isDefault === false,
        });
        if (isNumber) expect(Number.isFinite(number.value)).toBe(true);
      }
    },
  },
  {
    name: "evaluates a subject without a key only if subjects need no key",
    async check(harness) {
      const { needsSubjectKey, takesEmptySubjectKey = false } = harness.createDialect();
      const client = clientOf(await configurationOf(harness));
      for (const { attributes, flagKey, subjectKey, type } of harness.calls) {
        const request = { flagKey, subjectAttributes: attributes, expectedType: type };
        const isRefused = (key: string | null | undefined): boolean =>
          client.evaluate({ ...request, subjectKey: key }).errorCode ===
          "SORTITION_INVALID_ARGUMENT";
        expect({ flagKey, refused: [undefined, null, "", subjectKey].map(isRefused) }).toEqual({
          flagKey,
          refused: [needsSubjectKey, needsSubjectKey, !takesEmptySubjectKey, false],
        });
      }
    },
  },
  {
    name: "logs the exposures of other flags first, then its own, each once",
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
    name: "is not affected by callers and loggers that change the objects they receive",
    async check(harness) {
      const configuration = await configurationOf(harness);
      const given = clientOf(configuration, {
        assignmentLogger: { logAssignment: (event) => empty(event) },
      });
      const untouched = clientOf(await configurationOf(harness));
      for (const call of harness.calls) {
        empty(askValue(given, call));
        empty(askDetails(given, call));
      }
      const all = (client: Client): unknown =>
        harness.calls.map((call) => [askValue(client, call), askDetails(client, call)]);
      expect(all(clientOf(configuration))).toEqual(all(untouched));
    },
  },
];
