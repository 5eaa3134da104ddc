import { gzipSync } from "node:zlib";
import { flagsPayload, splitFlag } from "@sortition/test-kit/flags";
import { describe, expect, it } from "vitest";
import { EXAMPLE } from "./eppo/eppo-config.js";
import { jsonFile, ndjson, parseLines, run, tempFile } from "./run.js";

const FLAG = splitFlag({ key: "theme", name: "split", shares: { light: 50, dark: 50 } });
const [amplitude, posthog, growthbook, datadog] = (
  ["amplitude", "posthog", "growthbook", "datadog"] as const
).map((it) => flagsPayload(it, [FLAG])) as [object, object, object, object]; // one for each

const datadogRequest = { flag: "theme", type: "string", default: "light", subjectKey: "user-1" };

const REQUEST = { flag: "new-checkout", type: "boolean", default: false, subjectKey: "user-1" };
const EXPOSURE = { allocation: "a", variation: "on", timestamp: "2026-01-01T00:00:00.000Z" };

const path = jsonFile("example.json", EXAMPLE);
const EVALUATE = ["evaluate", "--dialect", "eppo", "--config", path];

function fileOf(config: unknown): string {
  return jsonFile("usage.json", config);
}

describe("without --dialect, a command", () => {
  it.each([
    { dialect: "eppo", config: EXAMPLE, request: REQUEST },
    { dialect: "growthbook", config: growthbook, request: { feature: "theme" } },
    { dialect: "amplitude", config: amplitude, request: { user: { user_id: "u" } } },
    { dialect: "amplitude", config: { flags: amplitude, cohorts: [] }, request: { user: {} } },
    { dialect: "posthog", config: posthog, request: { flag: "theme", distinctId: "u" } },
    { dialect: "datadog", config: datadog, request: datadogRequest },
    {
      dialect: "datadog",
      config: { data: { type: "universal-flag-configuration", attributes: datadog } },
      request: datadogRequest,
    },
  ])("detects $dialect from the file, and says so", async ({ config, dialect, request }) => {
    const path = fileOf(config);
    const named = await run(
      ["evaluate", "--dialect", dialect, "--config", path],
      ndjson([request]),
    );
    const shown = await run(["evaluate", "--config", path], ndjson([request]));
    expect(shown.exitCode).toBe(0);
    expect(shown.stderr).toBe(`dialect: ${dialect} (detected from --config ${path})\n`);
    expect(parseLines(shown.stdout)).toHaveLength(1);
    expect({ ...named, stdout: shown.stdout.length }).toEqual({
      exitCode: 0,
      stderr: "",
      stdout: named.stdout.length,
    });
    const inspected = await run(["inspect", "--config", path, "--json"]);
    expect(JSON.parse(inspected.stdout)).toMatchObject({ dialect });
  });

  it.each([
    {
      content: "{}",
      says: "is not recognised; supported: eppo, growthbook, amplitude, posthog, datadog",
    },
    { content: "[1,", says: "not JSON at line 1, column 4" },
    { content: "<html>", says: "it is HTML or XML; download the vendor's payload again" },
  ])("exits with 2 for $content: $says", async ({ content, says }) => {
    const { exitCode, stderr, stdout } = await run([
      ...["evaluate", "--config"],
      tempFile("none.json", content),
    ]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(stderr).toContain(says);
  });
});

describe("--config -", () => {
  it("reads the configuration from stdin", async () => {
    const requests = tempFile("requests.ndjson", ndjson([REQUEST]));
    const args = ["evaluate", "--dialect", "eppo", "--config", "-", "--requests", requests];
    const { exitCode, stdout } = await run(args, JSON.stringify(EXAMPLE));
    expect(exitCode).toBe(0);
    expect(parseLines(stdout)).toHaveLength(1);
  });

  it("cannot read the requests from stdin, too", async () => {
    const { exitCode, stderr } = await run(["evaluate", "--dialect", "eppo", "--config", "-"]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain("--config -: only one input can be stdin, so add --requests FILE");
  });
});

describe("help and version", () => {
  it.each(["evaluate", "explain", "inspect", "redis"])(
    "help %s prints the same as its --help",
    async (command) => {
      const help = await run(["help", command]);
      expect(help).toEqual(await run([command, "--help"]));
      expect(help.exitCode).toBe(0);
      expect(help.stdout).toMatch(new RegExp(`^Usage: sortition ${command}`));
    },
  );

  it("help prints the same as --help", async () => {
    expect(await run(["help"])).toEqual(await run(["--help"]));
  });

  it.each(["version", "-v", "-V"])("%s prints the version", async (form) => {
    expect(await run([form])).toEqual(await run(["--version"]));
  });

  it.each([
    { args: ["evalute"], says: 'unknown command "evalute", did you mean "evaluate"?' },
    { args: ["eval"], says: 'unknown command "eval", did you mean "evaluate"?' },
    { args: ["help", "inspct"], says: 'unknown command "inspct", did you mean "inspect"?' },
    { args: ["--versoin"], says: 'unknown option "--versoin", did you mean --version?' },
    { args: ["publish"], says: 'unknown command "publish"\n' },
    {
      args: ["evaluate", "--dialect", "eppo", "--config", "x", "--evnts"],
      says: "Unknown option '--evnts', did you mean '--events'?",
    },
    {
      args: ["inspect", "--dialect", "epo", "--config", "x"],
      says: '--dialect: "epo" is not supported, did you mean "eppo"?; supported: eppo',
    },
    { args: ["redis", "statsu"], says: 'unknown subcommand "statsu", did you mean "status"?' },
  ])("suggests the closest name for $args", async ({ args, says }) => {
    const { exitCode, stderr, stdout } = await run(args);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(stderr).toContain(says);
  });
});

describe("a mistake in the arguments gets the command to write", () => {
  const flags = tempFile("mistaken.json", JSON.stringify(EXAMPLE, null, 2));
  const exposures = jsonFile("exposures.ndjson", { featureFlag: "a", ...EXPOSURE });
  const own = tempFile("own.ndjson", ndjson([{ featureFlag: "new-checkout", ...EXPOSURE }]));
  const failure = jsonFile("failure.json", { message: "Unauthorized" });
  const list = jsonFile("list.json", { items: [], totalCount: 0 });
  const models = jsonFile("models.json", { bandits: {} });
  const row = { flag: "new-checkout", subject: "u", variation: "on", timestamp: "2026-01-01" };
  const events = tempFile("mistaken.ndjson", ndjson([row]));
  const subjects = tempFile("subjects.csv", "subject,country\nu,DK\n");
  const yaml = tempFile("mistaken.yaml", "flags:\n  a: 1\n");
  const cut = tempFile("cut.json", '{"flags":{');
  const features = jsonFile("features.json", { features: [{ id: "a" }] });
  const results = jsonFile("results.json", { results: [{ key: "a" }] });
  const counts = tempFile("counts.csv", "experiment,variation,count\ne,on,5\n");
  const map = "--map flag=flag,subject=subject,variation=variation,time=timestamp";
  const explain = ["explain", "a", "--config", flags, "--subject", "u"];

  it.each([
    { args: ["inspect", "--config", "no.json"], says: "(ENOENT): is the path right?" },
    { args: ["inspect", "--config", "."], says: "(EISDIR): pass a file" },
    {
      args: ["inspect", "--config", ""],
      says: "--config: is blank: is the variable with the path",
    },
    { args: ["inspect", "--config", "sdk-live-abc123"], says: "--config: is a key: pass a file" },
    { args: ["inspect", "--config", yaml], says: "is YAML: pass the vendor's payload" },
    { args: ["inspect", "--config", cut], says: "the file is cut off; download it again" },
    { args: ["inspect", "--config", features], says: "is a list from GrowthBook's REST API" },
    { args: ["inspect", "--config", results], says: "is a list from PostHog's REST API" },
    {
      args: ["inspect", "--config", flags, "--flag", "a"],
      says: "'--flag': write inspect --config FILE a",
    },
    {
      args: ["inspect", "--config", flags, "--decryption-key", "k"],
      says: "'--decryption-key': it is only for growthbook, and the configuration is for eppo",
    },
    {
      args: ["evaluate", "--config", events, "--requests", flags],
      says: `is not a configuration: write evaluate --requests ${events} --config ${flags}`,
    },
    {
      args: ["evaluate", "--config", flags, '{"flag":"a","subject":"u"}'],
      says: 'unexpected argument {"flag":"a","subject":"u"}: pipe it to the command',
    },
    {
      args: ["diff", flags, flags, "--subjects", flags],
      says: "is a configuration. Pass a file with a line for each subject",
    },
    { args: ["diff", flags, flags, "--flags", "a", "b"], says: "write --flags a,b" },
    {
      args: ["replay", events, "--config", flags, "--max-wrong", "1", "%"],
      says: "% is not a file: write --max-wrong 1%, without a space",
    },
    {
      args: [
        "replay",
        events,
        "--config",
        flags,
        "--map",
        "flag=flag,subject=subject,time=timestamp",
      ],
      says: "--map: variation is missing",
    },
    {
      args: ["srm", counts, "--config", flags],
      says: "use srm with --map flag=COLUMN,variation=variation,count=count",
    },
    {
      args: ["function", "--config", flags, "--target", "snowflake", "--out", flags],
      says: "(EEXIST): pass a folder",
    },
    {
      args: ["function", "--config", flags, "--target", "snowflake", "--name", "my-app.flags"],
      says: 'got "my-app.flags": write my_app.flags',
    },
    {
      args: ["stale", "--config", flags, "--code", ".", "--last-use", flags],
      says: "is a configuration: pass the JSON of lastUse()",
    },
    {
      args: ["evaluate", "--config", flags, "--requests", JSON.stringify(REQUEST)],
      says: "(ENOENT): write the JSON to a file, and pass its path",
    },
    {
      args: ["srm", events, "--config", flags, "--map", "user_id=subject"],
      says: '"user_id" is unknown: write subject=user_id; expected',
    },
    { args: ["types", "x", "--config", flags], says: "unexpected argument x; the options are" },
    { args: ["diff", "--config", flags, flags], says: "write diff OLD NEW" },
    {
      args: ["inspect", "--config", flags, "--config", flags],
      says: "is given twice: to compare two files, use sortition diff",
    },
    { args: ["inspect", "--config", exposures], says: "has exposures, not flags" },
    { args: ["inspect", "--config", models], says: "has bandit models, not flags" },
    { args: ["inspect", "--config", failure], says: "is an error that a server returned" },
    {
      args: ["inspect", "--config", failure, "--dialect", "growthbook"],
      says: "is an error that a server returned, not flags: request them again, with the key",
    },
    { args: ["inspect", "--config", list], says: "https://sdk.launchdarkly.com/sdk/latest-all" },
    {
      args: ["replay", own, "--config", flags, "--preset", "segment"],
      says: "the rows are those of --preset sortition: write it, or omit --preset",
    },
    {
      args: ["srm", flags, "--config", events],
      says: `is not a configuration: write srm ${events} --config ${flags}`,
    },
    { args: ["replay", flags, "--config", flags], says: "is a configuration. Pass it as --config" },
    { args: ["srm", events, "--config", flags], says: map },
    { args: ["replay", events, "--config", flags], says: map },
    {
      args: ["diff", flags, flags, "--subjects", subjects],
      says: "--map subject=subject,attributes.country=country",
    },
    { args: [...explain, "--now", "1700000000"], says: "write 1700000000000" },
    { args: [...explain, "--actions", "nike"], says: `e.g. '{"nike":{}}'` },
    {
      args: ["diff", flags, flags, "--max-moved", "0.07"],
      says: "expected a whole number or a percentage, got 0.07: write 7% for a share",
    },
  ])("for $args", async ({ args, says }) => {
    const { exitCode, stderr } = await run(args);
    expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: expect.stringContaining(says) });
  });

  it.each([
    { line: [REQUEST], says: "write one request per line, e.g. with jq -c '.[]'" },
    { line: { ...REQUEST, subject: "u" }, says: "subject: unknown field; use subjectKey" },
    {
      line: { ...REQUEST, ...EXPOSURE },
      says: "is an exposure: to check exposures, use sortition replay",
    },
  ])("for the request $line", async ({ line, says }) => {
    const { stdout } = await run(["evaluate", "--config", flags], ndjson([line]));
    expect(stdout).toContain(says);
  });
});

describe("requests for unknown flags", () => {
  it("are answered, and counted at the end on stderr", async () => {
    const flags = ["new-checkout", "new-chekout", "new-chekout", "something-else"];
    const requests = ndjson(flags.map((flag) => ({ ...REQUEST, flag })));
    const { exitCode, stderr, stdout } = await run(EVALUATE, requests);
    expect(exitCode).toBe(0);
    expect(parseLines(stdout)).toHaveLength(4);
    expect(stderr).toBe(
      'warning: 3 requests for unknown flags: "new-chekout" (2), did you mean "new-checkout"?; "something-else" (1)\n',
    );
  });

  it("are counted before the summary of failed lines, without overridden flags", async () => {
    const overridden = { ...REQUEST, flag: "x", overrides: { x: { key: "on", value: true } } };
    const requests = `${ndjson([overridden, { ...REQUEST, flag: "y" }])}{\n`;
    const { stderr } = await run(EVALUATE, requests);
    expect(stderr).toBe(
      'warning: 1 request for unknown flags: "y" (1)\n1 of 3 lines failed (invalid_json: 1)\n',
    );
  });
});

describe("a mistake on the command line", () => {
  it("suggests --config when it is misspelled", async () => {
    const { exitCode, stderr } = await run(["evaluate", "--cofig", path], "");
    expect({ exitCode, stderr: stderr.split("\n")[0] }).toEqual({
      exitCode: 2,
      stderr: "error: Unknown option '--cofig', did you mean '--config'?",
    });
  });

  it.each([
    { dialect: "growthbook", config: EXAMPLE, other: "eppo" },
    { dialect: "eppo", config: growthbook, other: "growthbook" },
    { dialect: "posthog", config: amplitude, other: "amplitude" },
    { dialect: "amplitude", config: posthog, other: "posthog" },
    { dialect: "eppo", config: datadog, other: "datadog" },
  ])("rejects a $other file with --dialect $dialect", async ({ config, dialect, other }) => {
    const file = fileOf(config);
    const { exitCode, stderr, stdout } = await run(
      ["evaluate", "--dialect", dialect, "--config", file],
      ndjson([REQUEST]),
    );
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(stderr).toContain(
      `--config ${file} is a configuration for ${other}, not for ${dialect}. Use --dialect ${other}, or omit --dialect`,
    );
  });

  it("accepts a configuration without flags for any dialect", async () => {
    for (const dialect of ["amplitude", "posthog"]) {
      const args = ["inspect", "--dialect", dialect, "--config", fileOf({ flags: [] })];
      expect((await run(args)).stderr).not.toContain("is a configuration for");
    }
  });

  it("says how to decompress a compressed file", async () => {
    const config = tempFile("flags.json.gz", gzipSync(JSON.stringify(EXAMPLE)));
    const problem = "the file is compressed with gzip. Decompress it with gunzip first";
    const compressed = await run(["inspect", "--config", config]);
    expect(compressed).toMatchObject({ exitCode: 2, stdout: "" });
    expect(compressed.stderr).toContain(`--config ${config}: ${problem}`);
    const requests = await run(["evaluate", "--config", path, "--requests", config]);
    expect(requests).toMatchObject({ exitCode: 2, stdout: "" });
    expect(requests.stderr).toContain(`--requests ${config}: ${problem}`);
  });

  it("gets the fields that results have for --fields with another one", async () => {
    const { stderr } = await run([...EVALUATE, "--fields", "id,valeu"], ndjson([REQUEST]));
    expect(stderr).toMatch(/^warning: no result has these fields: valeu; results have id, value/);
  });

  it("gets a warning for a file without requests", async () => {
    const requests = tempFile("empty.ndjson", "\n");
    const { exitCode, stderr, stdout } = await run([
      ...["evaluate", "--config", path, "--requests", requests],
    ]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: "" });
    expect(stderr).toContain(
      `warning: --requests ${requests}: no requests, so no results: pass --requests FILE`,
    );
  });
});

describe("sortition evaluate", () => {
  const requests = `${ndjson([{ ...REQUEST, id: "a,b" }])}[]\n`;

  it.each([
    {
      options: ["--fields", "value,id"],
      lines: [/^{"value":(true|false),"id":"a,b"}$/, /^{"id":2,"error":/],
    },
    {
      options: ["--format", "csv"],
      lines: [/^id,value,error$/, /^"a,b",(true|false),$/, /^2,,"{""code""/],
    },
  ])("applies $options to the output", async ({ lines, options }) => {
    const { exitCode, stdout } = await run([...EVALUATE, ...options], requests);
    expect(exitCode).toBe(1);
    const written = stdout.trimEnd().split("\n");
    expect(written).toHaveLength(lines.length);
    for (const [i, line] of written.entries()) expect(line).toMatch(lines[i]!);
  });

  it.each([
    { options: ["--format", "xml"], says: "--format: expected ndjson or csv" },
    { options: ["--fields", "id,"], says: "--fields: expected names, e.g. id,value" },
  ])("rejects $options", async ({ options, says }) => {
    const { exitCode, stderr } = await run([...EVALUATE, ...options], requests);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(says);
  });
});
