import { type Experiment, GrowthBook, type Result } from "@growthbook/growthbook";
import { type AssignmentEvent, type Client, Configuration, createClient } from "@sortition/core";
import { describe, expect, it } from "vitest";
import { type FeatureResult, growthbook } from "../src/dialect.js";

const rule = (key: string, variations: readonly string[]): object => ({
  ...{ key, variations, hashAttribute: "id", coverage: 1, seed: key, hashVersion: 2 },
});
const features = {
  parent: { defaultValue: "none", rules: [rule("of-parent", ["a", "b"])] },
  asked: {
    defaultValue: "none",
    rules: [
      {
        ...rule("of-asked", ["x", "y", "z"]),
        parentConditions: [{ id: "parent", condition: { value: { $in: ["a", "b"] } } }],
      },
    ],
  },
};

/** Ways to evaluate a feature with details. */
const READS: Readonly<Record<string, (client: Client, id: string) => unknown>> = {
  "a call": (client, id) => client.evaluate({ flagKey: "asked", subjectAttributes: { id } }),
  "a getter": (client, id) => client.getStringAssignmentDetails("asked", id, { id }, "none"),
  "forSubject's getter": (client, id) =>
    client
      .forSubject({ subjectKey: id, attributes: { id } })
      .getStringAssignmentDetails("asked", "none"),
  "forSubject's getter, when it is shown": (client, id) => {
    const shown = client.forSubject({
      subjectKey: id,
      attributes: { id },
      exposures: "on-show",
    });
    shown.getStringAssignmentDetails("asked", "none");
    shown.exposed("asked");
  },
};

describe("events of a feature and of the features that it requires, beside the vendor's", () => {
  it.each(
    ["alice", "bob", "carol"].flatMap((id) =>
      Object.keys(READS).map((read) => [id, read] as const),
    ),
  )("have their own details for %s, by %s", (id, read) => {
    const theirs: [Experiment<unknown>, Result<unknown>][] = [];
    const vendor = new GrowthBook({
      attributes: { id },
      features: features as never,
      trackingCallback: (experiment, result) => void theirs.push([experiment, result]),
    });
    vendor.evalFeature("asked");

    const events: AssignmentEvent[] = [];
    const dialect = growthbook();
    const bytes = new TextEncoder().encode(JSON.stringify({ features }));
    const client = createClient({
      dialect,
      initialConfiguration: Configuration.from({ dialect, payloads: { flags: bytes } }),
      assignmentLogger: { logAssignment: (event) => void events.push(event) },
      diagnostics: { debug() {}, info() {}, warn() {}, error() {} },
    });
    READS[read]?.(client, id);

    const ours = events.map(({ evaluationDetails, experiment, subject, variation }) => {
      const { experimentResult } = evaluationDetails as FeatureResult;
      return { experiment, subject, variation, result: experimentResult };
    });
    expect(ours).toEqual(
      theirs.map(([{ key }, result]) => {
        return { experiment: key, subject: id, variation: result.key, result };
      }),
    );
    expect(ours.map(({ experiment }) => experiment)).toEqual(["of-parent", "of-asked"]);
  });
});
