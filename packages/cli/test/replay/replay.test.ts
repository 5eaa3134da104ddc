import { Configuration, createClient } from "@sortition/core";
import { eppo } from "@sortition/core/eppo";
import { describe, expect, it } from "vitest";
import { BANDIT_FLAGS, MODELS } from "../eppo/bandit-config.js";
import { EXAMPLE } from "../eppo/eppo-config.js";
import { jsonFile, ndjson, run } from "../run.js";

const TIME = "2026-02-01T12:00:00.000Z";
const config = (): string => jsonFile("flags.json", EXAMPLE);

/** Exposures of Danes, as a client logs them. */
function exposures(subjects: number): object[] {
  const logged: object[] = [];
  const client = createClient({
    dialect: eppo(),
    initialConfiguration: Configuration.from({
      dialect: eppo(),
      payloads: { flags: JSON.stringify(EXAMPLE) },
    }),
    assignmentLogger: { logAssignment: (event) => void logged.push(event) },
    clock: { now: () => Date.parse(TIME) },
  });
  for (let i = 0; i < subjects; i++) {
    client.getBooleanAssignment("new-checkout", `user-${i}`, { country: "DK" }, false);
  }
  return logged;
}

describe("sortition replay", () => {
  it("exits with 0 if all exposures are right", async () => {
    const events = exposures(100);
    const { exitCode, stderr, stdout } = await run(
      ["replay", "-", "--config", config(), "--dialect", "eppo"],
      ndjson(events),
    );
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(stdout).toMatch(new RegExp(`2026-02-01 +${events.length} +${events.length} right`));
    expect(Math.max(...stdout.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  it("lists what is wrong and why, and shows subjects only on request", async () => {
    const [event] = exposures(100);
    const wrong = { ...event, variation: "off" };
    const outside = { ...event, subjectAttributes: { country: "SE" } };
    const args = ["replay", "-", "--config", config(), "--list"];
    const { exitCode, stdout } = await run(args, ndjson([wrong, outside]));
    expect(exitCode).toBe(1);
    expect(stdout).toContain(
      "line 1: wrong variation: new-checkout: logged off, expected on\n  country is DK, and in the split for on\n",
    );
    expect(stdout).toContain("  pilot: country is SE, not DK\n");
    expect(stdout).not.toContain("user-");
    const shown = await run([...args, "--show-subjects"], ndjson([wrong]));
    expect(shown.stdout).toContain('of "user-');
  });

  it.each([
    { limit: "0", exitCode: 1 },
    { limit: "1", exitCode: 0 },
    { limit: "49%", exitCode: 1 },
    { limit: "50%", exitCode: 0 },
  ])(
    "exits with $exitCode for --max-wrong $limit when one of two exposures is wrong",
    async ({ exitCode, limit }) => {
      const [event] = exposures(100);
      const input = ndjson([event, { ...event, variation: "off", messageId: "other" }]);
      const ended = await run(["replay", "-", "--config", config(), "--max-wrong", limit], input);
      expect(ended.exitCode).toBe(exitCode);
      const error =
        "error: 1 of 2 exposures of known flags is wrong, which is more than --max-wrong allows\n";
      expect(ended.stderr.includes(error)).toBe(exitCode === 1);
    },
  );

  it.each([
    { change: {}, kind: "right" },
    { change: { action: "puma" }, kind: "wrong-action" },
    { change: { actionProbability: 0.123 }, kind: "wrong-probability" },
    { change: { modelVersion: "other" }, kind: "wrong-model" },
    { change: { actions: null }, kind: "attributes-missing" },
  ])("judges a bandit's action with $change as $kind", async ({ change, kind }) => {
    let logged: object = {};
    const client = createClient({
      dialect: eppo(),
      initialConfiguration: Configuration.from({
        dialect: eppo(),
        payloads: { flags: JSON.stringify(BANDIT_FLAGS), bandits: JSON.stringify(MODELS) },
      }),
      assignmentLogger: {
        logAssignment: () => {},
        logBanditAction: (event) => {
          logged = event;
        },
      },
      clock: { now: () => Date.parse(TIME) },
      diagnostics: { debug() {}, info() {}, warn() {}, error() {} }, // one of the models is broken
    });
    const actions = { nike: { price: 10 }, adidas: { price: 20 } };
    client.getBanditAction("all", "user-1", { age: 30 }, actions, "none");
    const event = { ...logged, actions, subjectAttributes: { age: 30 }, ...change };
    const args = ["--config", jsonFile("flags.json", BANDIT_FLAGS)];
    const models = ["--bandits", jsonFile("models.json", MODELS)];
    const { stdout } = await run(["replay", "-", ...args, ...models, "--json"], ndjson([event]));
    expect(JSON.parse(stdout.split("\n").at(-2) ?? "").total).toMatchObject({ [kind]: 1 });
  });

  it.each([
    {
      args: ["--config", "x", "--history", "y"],
      says: "--history and --config cannot be combined",
    },
    { args: ["--history", "/nowhere"], says: "cannot be read" },
    { args: ["--config", "x", "--grace", "soon"], says: "--grace: expected seconds" },
    { args: ["--config", "x", "--max-wrong", "few"], says: "--max-wrong: expected a number" },
  ])("refuses $args: $says", async ({ args, says }) => {
    const real = args.map((it) => (it === "x" ? config() : it));
    const { exitCode, stderr } = await run(["replay", "-", ...real]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(says);
  });

  it("rejects times without a zone, unless --zone is given", async () => {
    const events = exposures(100).map((event) => ({ ...event, timestamp: "2026-02-01 12:00:00" }));
    const args = ["replay", "-", "--config", config()];
    const refused = await run(args, ndjson(events));
    expect(refused).toMatchObject({ exitCode: 2, stdout: "" });
    expect(refused.stderr).toContain("line 1: timestamp: the time has no zone. Add --zone");
    expect(refused.stderr).toContain("nothing to judge");
    expect(await run([...args, "--zone", "UTC"], ndjson(events))).toMatchObject({ exitCode: 0 });
  });

  it("rejects a column of --map that no row has", async () => {
    const map = "flag=featureFlag,subject=subject,variation=variation,time=timestamp,id=nonsense";
    const args = ["replay", "-", "--config", config(), "--map", map];
    const { exitCode, stderr, stdout } = await run(args, ndjson(exposures(100)));
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(stderr).toContain('--map: no row has "nonsense"');
  });

  it.each([
    { command: "replay", row: { event: "$experiment_seen", distinct_id: "a", properties: {} } },
    { command: "srm", row: { event: "$experiment_seen", distinct_id: "a", properties: {} } },
    { command: "replay", row: { event_type: "[Experiment] Impression", event_properties: {} } },
    { command: "replay", row: { type: "track", event: "Order Completed", properties: {} } },
    { command: "srm", row: { event_id: "1", event_name: "page_view" } },
  ])("names the events if none is an exposure: $command of $row", async ({ command, row }) => {
    const pageView = { event: "$pageview", distinct_id: "a", properties: {} };
    const args = [command, "-", "--config", config()];
    const { exitCode, stderr } = await run(args, ndjson([row, pageView, row]));
    expect(exitCode).toBe(2);
    const name = "event_type" in row ? row.event_type : (row.event ?? row.event_name);
    expect(stderr).toMatch(/no exposure(?: with a variation)? found among the events /);
    expect(stderr).toContain(`events ${JSON.stringify(name)} (2), "$pageview" (1)\n`);
  });

  it("rejects events from another vendor, and a configuration that does not fit --dialect", async () => {
    const event = { event: "$feature_flag_called", properties: { $feature_flag: "f" } };
    const events = ndjson(Array.from({ length: 30 }, () => event));
    const args = ["replay", "-", "--config", config()];
    const refused = await run(args, events);
    expect(refused).toMatchObject({ exitCode: 2, stdout: "" });
    expect(refused.stderr.split("\n").slice(1)).toEqual([
      "warning: line 1: row: an event from posthog, but the configuration is for eppo (30 lines)",
      "error: stdin: nothing to judge: no exposure found",
      "",
    ]);
    const preset = await run([...args, "--preset", "posthog"], events);
    expect(preset).toMatchObject({ exitCode: 2, stdout: "" });
    expect(preset.stderr).toContain("--preset posthog does not fit a configuration for eppo");
    const named = await run([...args, "--dialect", "posthog"], events);
    expect(named).toMatchObject({ exitCode: 2, stdout: "" });
    expect(named.stderr).toContain("is a configuration for eppo, not for posthog");
  });

  it("judges the other rows when some rows are from another vendor", async () => {
    const other = { event: "$feature_flag_called", properties: { $feature_flag: "f" } };
    const input = ndjson([other, ...exposures(100), other]);
    const { exitCode, stderr, stdout } = await run(["replay", "-", "--config", config()], input);
    expect(exitCode).toBe(1);
    expect(stderr).toContain("line 1: row: an event from posthog, but the");
    expect(stdout).toMatch(/all +\d+ +\d+ right/);
  });

  it("warns about events from another environment", async () => {
    const args = ["replay", "-", "--config", config()];
    const [event] = exposures(100);
    const other = await run(args, ndjson([{ ...event, featureFlag: "theirs" }]));
    expect(other.stderr).toContain("Are the exposures from another environment?");
  });
});
