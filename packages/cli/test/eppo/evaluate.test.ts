import { describe, expect, it } from "vitest";
import { jsonFile, ndjson, parseLines, type ResultLine, run, tempFile } from "../run.js";
import { EXAMPLE, VARIED } from "./eppo-config.js";

const NOW = "2026-02-01T12:00:00.000Z";
const REQUEST = {
  flag: "new-checkout",
  type: "boolean",
  default: false,
  subjectKey: "user-3",
  subjectAttributes: { country: "DK" },
};
const REQUEST_TEXT: string = JSON.stringify(REQUEST);
const DETAILS_OF_MISS = {
  environmentName: "Production",
  flagEvaluationCode: "DEFAULT_ALLOCATION_NULL",
  flagEvaluationDescription:
    'No allocations matched. Falling back to "Default Allocation", serving NULL',
  variationKey: null,
  variationValue: null,
  banditKey: null,
  banditAction: null,
  configFetchedAt: NOW,
  configPublishedAt: "2026-01-05T00:00:00.000Z",
  matchedRule: null,
  matchedAllocation: null,
  unmatchedAllocations: [
    { key: "pilot", allocationEvaluationCode: "TRAFFIC_EXPOSURE_MISS", orderPosition: 1 },
  ],
  unevaluatedAllocations: [],
};

function withConfig(config: object, ...more: readonly string[]): string[] {
  const path = jsonFile("config.json", config);
  return ["evaluate", "--dialect", "eppo", "--config", path, ...more];
}

/** Evaluates requests with the configuration that has flags of every type. */
async function answers(
  requests: readonly unknown[],
  ...more: readonly string[]
): Promise<ResultLine[]> {
  const { stdout } = await run(withConfig(VARIED, "--now", NOW, ...more), ndjson(requests));
  return parseLines(stdout);
}

/** Evaluates one line with the documented example. */
async function answer(line: string | Buffer, ...more: readonly string[]): Promise<ResultLine> {
  const { stdout } = await run(withConfig(EXAMPLE, "--now", NOW, ...more), line);
  return parseLines(stdout)[0]!; // there is a result for each line
}

describe("a result of sortition evaluate", () => {
  it("equals the documented example byte for byte", async () => {
    const { exitCode, stdout, stderr } = await run(
      withConfig(EXAMPLE, "--now", "2026-02-01T12:00:00Z"),
      ndjson([{ id: 3, ...REQUEST }]),
    );
    const result = { id: 3, value: false, evaluationDetails: DETAILS_OF_MISS };
    expect(stdout).toBe(`${JSON.stringify(result)}\n`);
    expect(stderr).toBe("");
    expect(exitCode).toBe(0);
  });

  it("contains the event that the SDK would have logged, with our package in its metaData", async () => {
    const result = await answer(JSON.stringify({ ...REQUEST, subjectKey: "user-1" }), "--events");
    expect(result).toMatchObject({
      value: true,
      evaluationDetails: { flagEvaluationCode: "MATCH" },
    });
    expect(result.event).toEqual({
      allocation: "pilot",
      experiment: "new-checkout-pilot",
      featureFlag: "new-checkout",
      format: "SERVER",
      variation: "on",
      subject: "user-1",
      timestamp: NOW,
      subjectAttributes: { country: "DK" },
      metaData: {
        obfuscated: false,
        sdkLanguage: "javascript",
        sdkName: expect.stringContaining("sortition"),
        sdkLibVersion: expect.any(String),
      },
      entityId: null,
      evaluationDetails: result.evaluationDetails,
    });
  });

  it("has the event null if nothing was logged", async () => {
    expect(await answer(REQUEST_TEXT, "--events")).toHaveProperty("event", null);
  });

  it("has no event without --events", async () => {
    expect(Object.keys(await answer(REQUEST_TEXT))).toEqual(["id", "value", "evaluationDetails"]);
  });

  it.each([
    { id: null },
    { id: "" },
    { id: 0 },
    { id: false },
    { id: ["a", { b: null }] },
    { id: { z: 1, a: 2, "10": 3 } },
  ])("repeats the id $id as its first member", async ({ id }) => {
    const { stdout } = await run(withConfig(EXAMPLE), ndjson([{ ...REQUEST, id }]));
    expect(stdout.startsWith(`{"id":${JSON.stringify(id)},"value"`)).toBe(true);
  });

  it("keeps lone surrogates and keys like __proto__", async () => {
    const line = `{"id":{"__proto__":1,"constructor":2,"":3,"x":"\\ud800"},${REQUEST_TEXT.slice(1)}`;
    const { stdout } = await run(withConfig(EXAMPLE), line);
    expect(stdout).toContain('"id":{"__proto__":1,"constructor":2,"":3,"x":"\\ud800"}');
  });

  it("has the subject's attributes of any name and type in its event", async () => {
    const attributes =
      '{"__proto__":{"a":1},"constructor":null,"":[1],"country":"DK","t":"\\udfff"}';
    const line = `{"flag":"new-checkout","type":"boolean","subjectKey":"user-1","subjectAttributes":${attributes}}`;
    const { stdout } = await run(withConfig(EXAMPLE, "--events"), line);
    expect(stdout).toContain(`"subjectAttributes":${attributes}`);
  });

  it("reads and writes numbers as JavaScript does", async () => {
    const { stdout } = await run(
      withConfig(EXAMPLE),
      `{"id":[1e400,-0,12345678901234567890,1.0],${REQUEST_TEXT.slice(1)}`,
    );
    expect(stdout).toContain('{"id":[null,0,12345678901234567000,1]');
  });
});

describe("the time of evaluation", () => {
  it.each([
    { now: "2026-02-03T04:05:06Z", iso: "2026-02-03T04:05:06.000Z" },
    { now: "2026-02-03T04:05:06+01:00", iso: "2026-02-03T03:05:06.000Z" },
    { now: "2026-02-03", iso: "2026-02-03T00:00:00.000Z" },
    { now: 86_400_000, iso: "1970-01-02T00:00:00.000Z" },
  ])("is the request's now, $now, instead of --now", async ({ now, iso }) => {
    const request = { type: "string", flag: "text", subjectKey: "a", now };
    const [result] = await answers([request], "--events");
    expect(result?.evaluationDetails.configFetchedAt).toBe(iso);
    const isDated = iso.startsWith("2026-02");
    expect(result?.evaluationDetails.matchedAllocation?.key).toBe(isDated ? "dated" : undefined);
    if (isDated) {
      expect(result?.event?.timestamp).toBe(iso);
      expect(result?.event?.evaluationDetails).toHaveProperty("configFetchedAt", iso);
    }
  });

  it("of one line does not affect the next line", async () => {
    const request = { type: "string", flag: "text", subjectKey: "a" };
    const results = await answers([{ ...request, now: 0 }, request]);
    expect(results.map(({ evaluationDetails }) => evaluationDetails.configFetchedAt)).toEqual([
      "1970-01-01T00:00:00.000Z",
      NOW,
    ]);
  });

  it("is the current time by default, and the configuration's fetch time is when its file was read", async () => {
    const beforeMs = Date.now();
    const { stdout } = await run(
      withConfig(EXAMPLE, "--events"),
      ndjson([
        { ...REQUEST, subjectKey: "user-1" },
        { ...REQUEST, subjectKey: "user-1" },
      ]),
    );
    const results = parseLines(stdout);
    const fetchedAt = results.map((it) => Date.parse(it.evaluationDetails.configFetchedAt));
    expect(fetchedAt[0]).toBeGreaterThanOrEqual(beforeMs);
    expect(fetchedAt[1]).toBe(fetchedAt[0]);
    for (const { event } of results) {
      expect(Date.parse(event?.timestamp ?? "")).toBeGreaterThanOrEqual(fetchedAt[0]!);
      expect(Date.parse(event?.timestamp ?? "")).toBeLessThanOrEqual(Date.now());
    }
  });

  it("does not appear in details without a configuration", async () => {
    const [result] = await answers([{ type: "string", flag: "text", subjectKey: "" }]);
    expect(result?.evaluationDetails).toMatchObject({
      configFetchedAt: "",
      flagEvaluationDescription: "Assignment Error: Invalid argument: subjectKey cannot be blank",
    });
  });
});

describe("a request of sortition evaluate", () => {
  it("for JSON with an invalid JSON default returns the error that the vendor's SDK throws", async () => {
    const request = { type: "json", flag: "json", subjectKey: "a", default: "{" };
    const { exitCode, stdout } = await run(withConfig(VARIED, "--events"), ndjson([request]));
    expect(parseLines(stdout)).toEqual([
      { id: 1, throws: "SyntaxError", message: expect.any(String) },
    ]);
    expect(exitCode).toBe(0);
  });

  it.each([
    { value: '{"a":1}', expected: { a: 1 } },
    { value: "{", expected: [7] },
    { value: "null", expected: "[7]" },
    { value: null, expected: "[7]" },
  ])("for JSON with the override $value and a string as default returns $expected", async (row) => {
    const overrides = { json: { key: "o", value: row.value } };
    const request = { type: "json", flag: "json", subjectKey: "a", default: "[7]", overrides };
    expect((await answers([request]))[0]?.value).toEqual(row.expected);
  });
});

/** JSON text that is too deep for the `JSON.stringify` of older versions of V8. */
const DEEP = `${"[".repeat(100_000)}${"]".repeat(100_000)}`;

function isSerializable(json: string): boolean {
  try {
    JSON.stringify(JSON.parse(json));
    return true;
  } catch {
    return false;
  }
}

describe("a malformed line of sortition evaluate", () => {
  const request = (more: object): string => JSON.stringify({ ...REQUEST, ...more });
  const bandit = { type: "bandit", actions: {} };

  it.each([
    { line: "nope", code: "invalid_json", message: /column 1/ },
    { line: `${REQUEST_TEXT}}`, code: "invalid_json", message: /column \d+: expected the end/ },
    { line: "\u00a0", code: "invalid_json", message: /column 1/ },
    { line: "[]", code: "invalid_request", message: /expected an object, got an array/ },
    { line: "null", code: "invalid_request", message: /expected an object, got null/ },
    { line: '"x"', code: "invalid_request", message: /expected an object, got "x"/ },
    { line: "{}", code: "invalid_request", message: /^type: expected one of/ },
    { line: '{"flagKey":"f"}', code: "invalid_request", message: /^flagKey: .*; use flag$/ },
    { line: '{"user":{}}', code: "invalid_request", message: /^user: .*; use subjectKey$/ },
    { line: request({ type: "bool" }), code: "invalid_request", message: /^type: .*got "bool"/ },
    { line: request({ type: "__proto__" }), code: "invalid_request", message: /^type: / },
    { line: request({ ...bandit, actions: [] }), code: "invalid_request", message: /^actions: / },
    {
      line: request({ ...bandit, actions: { a: 1 } }),
      code: "invalid_request",
      message: /^actions\["a"\]: expected an object, got 1$/,
    },
    {
      line: request({ ...bandit, actions: undefined }),
      code: "invalid_request",
      message: /^actions: expected an object, got nothing$/,
    },
    {
      line: request({ ...bandit, subjectKey: undefined }),
      code: "invalid_request",
      message: /^subjectKey: /,
    },
    {
      line: request({ ...bandit, type: "best-action" }),
      code: "invalid_request",
      message: /^subjectKey: unknown field/,
    },
    { line: request({ actions: {} }), code: "invalid_request", message: /^actions: unknown field/ },
    {
      line: request({ subjectKey: 7 }),
      code: "invalid_request",
      message: /^subjectKey: expected a string, got 7$/,
    },
    { line: request({ subjectKey: null }), code: "invalid_request", message: /^subjectKey: / },
    {
      line: request({ subjectKey: undefined }),
      code: "invalid_request",
      message: /^subjectKey: expected a string, got nothing$/,
    },
    { line: request({ flag: {} }), code: "invalid_request", message: /^flag: .*got an object$/ },
    { line: request({ subjectAttributes: [] }), code: "invalid_request", message: /^subjectAttr/ },
    { line: request({ subjectAttributes: "x" }), code: "invalid_request", message: /^subjectAttr/ },
    { line: request({ overrides: null }), code: "invalid_request", message: /^overrides: / },
    {
      line: request({ overrides: { a: { value: 1 } } }),
      code: "invalid_request",
      message: /^overrides\["a"\]\.key: expected a string, got nothing$/,
    },
    {
      line: request({ overrides: { a: { key: "k" } } }),
      code: "invalid_request",
      message: /^overrides\["a"\]\.value: /,
    },
    {
      line: request({ subjectkey: "x" }),
      code: "invalid_request",
      message: /^subjectkey: unknown/,
    },
    {
      line: `{"__proto__":1,${request({}).slice(1)}`,
      code: "invalid_request",
      message: /__proto__/,
    },
    { line: `{"":1,${request({}).slice(1)}`, code: "invalid_request", message: /^"": unknown/ },
    { line: request({ now: "soon" }), code: "invalid_request", message: /^now: .*got "soon"$/ },
    { line: request({ now: null }), code: "invalid_request", message: /^now: / },
    { line: request({ now: 1e16 }), code: "invalid_request", message: /^now: / },
    { line: request({ now: "2026-02-30" }), code: "invalid_request", message: /^now: / },
  ])("such as $line returns $code", async ({ line, code, message }) => {
    const result = await answer(line);
    expect(result).toEqual({ id: 1, error: { code, message: expect.stringMatching(message) } });
  });

  it("that is not UTF-8 fails instead of being repaired", async () => {
    const line = Buffer.concat([Buffer.from('{"id":"'), Buffer.from([0xff]), Buffer.from('"}')]);
    expect((await answer(line)).error).toEqual({ code: "invalid_json", message: "not UTF-8" });
  });

  // Newer versions of V8 serialize any depth.
  it.skipIf(isSerializable(DEEP))(
    "with an id that cannot be serialized fails with an internal error",
    async () => {
      const result = await answer(`{"id":${DEEP},${REQUEST_TEXT.slice(1)}`);
      expect(result).toMatchObject({ id: 1, error: { code: "internal" } });
    },
  );

  it("does not affect other lines, and its result has its id or line number", async () => {
    const input = [
      REQUEST_TEXT,
      "",
      "{",
      "  \t",
      `{"id":"mine","flag":7,"type":"string","subjectKey":"a"}`,
      "",
      REQUEST_TEXT,
    ].join("\r\n");
    const { exitCode, stdout, stderr } = await run(withConfig(EXAMPLE), input);
    const results = parseLines(stdout);
    expect(results.map(({ id }) => id)).toEqual([1, 3, "mine", 7]);
    expect(results.map(({ error }) => error?.code)).toEqual([
      undefined,
      "invalid_json",
      "invalid_request",
      undefined,
    ]);
    expect(exitCode).toBe(1);
    expect(stderr).toBe("2 of 4 lines failed (invalid_json: 1, invalid_request: 1)\n");
  });
});

describe("the input of sortition evaluate", () => {
  it("may have a byte order mark only at its beginning", async () => {
    for (const [input, code] of [
      [`\ufeff${REQUEST_TEXT}\n`, undefined],
      [`\n\ufeff${REQUEST_TEXT}`, "invalid_json"],
    ] as const) {
      const { stdout } = await run(withConfig(EXAMPLE), input);
      expect(parseLines(stdout).map(({ error }) => error?.code)).toEqual([code]);
    }
  });

  it.each(["file", "-"])("is read from --requests %s", async (from) => {
    const path = from === "-" ? from : tempFile("requests.ndjson", REQUEST_TEXT);
    const args = withConfig(EXAMPLE, "--requests", path);
    const { stdout } = await run(args, from === "-" ? REQUEST_TEXT : "");
    expect(parseLines(stdout)).toHaveLength(1);
  });
});

describe("--dedupe", () => {
  const atMs = (subjectKey: string, now: number): object => ({
    flag: "num",
    type: "numeric",
    subjectKey,
    now,
  });
  const logged = async (cache: string, requests: readonly object[]): Promise<boolean[]> => {
    const results = await answers(requests, "--events", "--dedupe", cache);
    return results.map(({ event }) => event !== null);
  };

  it("expires by the time of the lines, and a hit renews an entry", async () => {
    const requests = [0, 99, 198, 298].map((now) => atMs("a", now));
    expect(await logged("expiring:9:100", requests)).toEqual([true, false, false, true]);
  });

  it("is off by default", async () => {
    const results = await answers([atMs("a", 0), atMs("a", 1)], "--events");
    expect(results.map(({ event }) => event?.subject)).toEqual(["a", "a"]);
  });
});

describe("a malformed flag", () => {
  it("is reported once on stderr, returns the default, and does not affect other flags", async () => {
    const flags = (EXAMPLE as { flags: object }).flags;
    const config = {
      ...EXAMPLE,
      flags: {
        ...flags,
        'bad "one"': { key: "b", enabled: true, variationType: "STRING", allocations: [7, 8] },
      },
    };
    const input = ndjson([REQUEST, { flag: 'bad "one"', type: "string", subjectKey: "a" }]);
    const { exitCode, stdout, stderr } = await run(withConfig(config, "--now", NOW), input);
    expect(exitCode).toBe(0);
    const [good, bad] = parseLines(stdout);
    expect(good?.evaluationDetails).toEqual(DETAILS_OF_MISS);
    expect(bad?.evaluationDetails.flagEvaluationCode).toBe("ASSIGNMENT_ERROR");
    expect(stderr.match(/^warning: \$\.flags\["bad \\"one\\""\].*: .+$/gm)).toHaveLength(1);
    expect(stderr.trimEnd().split("\n")).toHaveLength(1);
  });
});

describe("a line that is longer than --max-line-bytes", () => {
  it("fails with line_too_long and its line number, and the next line is evaluated", async () => {
    const long = JSON.stringify({ ...REQUEST, id: "x".repeat(500) });
    const { exitCode, stderr, stdout } = await run(
      withConfig(EXAMPLE, "--max-line-bytes", "400"),
      `${REQUEST_TEXT}\n${long}\n${REQUEST_TEXT}\n`,
    );
    const [first, second, third] = parseLines(stdout);
    expect(second).toEqual({
      id: 2,
      error: {
        code: "line_too_long",
        message: "the line exceeds 400 bytes; see --max-line-bytes",
      },
    });
    expect([first?.id, third?.id]).toEqual([1, 3]);
    expect(third?.value).toBe(false);
    expect(exitCode).toBe(1);
    expect(stderr).toBe("1 of 3 lines failed (line_too_long: 1)\n");
  });
});

describe("the command line", () => {
  const config = ["--config", "unread.json"];
  const eppo = ["evaluate", "--dialect", "eppo"];

  it.each([
    { args: [], says: "the command is missing" },
    { args: ["evaluate"], says: "--config FILE is missing" },
    { args: ["evaluate", "--dialect", "none", ...config], says: "supported: eppo" },
    { args: ["evaluate", "--dialect", "__proto__", ...config], says: "supported: eppo" },
    { args: eppo, says: "--config FILE is missing" },
    { args: [...eppo, "--config"], says: "--config" },
    { args: [...eppo, ...config, "--nope"], says: "--nope" },
    { args: [...eppo, ...config, "--decryption-key", "x"], says: "--decryption-key" },
    { args: [...eppo, ...config, "--quiet=yes"], says: "--quiet" },
    { args: [...eppo, ...config, "requests.ndjson"], says: "requests.ndjson" },
    { args: [...eppo, ...config, "--now", "soon"], says: "--now: expected" },
    { args: [...eppo, ...config, "--now", ""], says: "--now: expected" },
    { args: [...eppo, ...config, "--max-line-bytes", "0"], says: "--max-line-bytes: expected a" },
    { args: [...eppo, ...config, "--max-line-bytes", "1e3"], says: "--max-line-bytes: expected a" },
    { args: [...eppo, ...config, "--max-line-bytes", "9".repeat(20)], says: "--max-line-bytes:" },
    { args: [...eppo, ...config, "--dedupe", "lru:1"], says: "--dedupe needs --events" },
    { args: [...eppo, ...config, "--events", "--dedupe", "lru"], says: "--dedupe: expected" },
    { args: [...eppo, ...config, "--bandit-dedupe", "none"], says: "--bandit-dedupe needs" },
    {
      args: [...eppo, ...config, "--events", "--bandit-dedupe", "expiring:1:0"],
      says: "--bandit-dedupe: expected",
    },
  ])("$args is rejected: $says", async ({ args, says }) => {
    const { exitCode, stdout, stderr } = await run(args, REQUEST_TEXT);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(stderr).toMatch(/^error: /);
    expect(stderr).toContain(says);
    expect(stderr).toContain("--help");
  });

  it.each([
    { args: ["--help"], says: "evaluate" },
    { args: ["-h"], says: "Usage: sortition COMMAND" },
    { args: ["evaluate", "--help"], says: "--requests FILE|-" },
    { args: ["evaluate", "-h", "--dialect", "none"], says: "Dialect eppo:" },
    { args: ["--version"], says: "\n" },
  ])("$args prints $says", async ({ args, says }) => {
    const { exitCode, stdout, stderr } = await run(args);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(stdout).toContain(says);
  });
});

describe("an input file", () => {
  const good = (): string => jsonFile("good.json", EXAMPLE);
  const content = (text: string | Buffer) => (): string => tempFile("bad.json", text);

  it.each([
    {
      option: "--config",
      path: () => "/does/not/exist",
      says: "no such file or directory (ENOENT)",
    },
    { option: "--config", path: () => "/", says: "cannot be read" },
    { option: "--config", path: content(""), says: "line 1, column 1: expected a value" },
    { option: "--config", path: content('{\n  "flags": {},\n}'), says: "line 3, column 1" },
    { option: "--config", path: content('{"flags":{}} x'), says: "line 1, column 14" },
    {
      option: "--config",
      path: content(Buffer.from([0x22, 0xff, 0x22])),
      says: "not UTF-8 at line 1, column 2",
    },
    {
      option: "--config",
      path: content(Buffer.from('\ufeff{"flags":{}}', "utf16le")),
      says: "expected UTF-8, got UTF-16: convert it with iconv -f utf-16 -t utf-8",
    },
    { option: "--config", path: content("[]"), says: "$: expected an object, got an array" },
    {
      option: "--config",
      path: content('{"flags":[]}'),
      says: "$.flags: expected an object, got an array",
    },
    {
      option: "--config",
      path: content('{"a":1}'),
      says: "$.flags: expected an object, got nothing",
    },
    { option: "--bandits", path: () => "/does/not/exist", says: "(ENOENT)" },
    { option: "--bandits", path: content("{]"), says: "line 1, column 2" },
    { option: "--bandits", path: content('{"bandits":7}'), says: "$.bandits: expected an object" },
    { option: "--requests", path: () => "/does/not/exist", says: "(ENOENT)" },
    { option: "--requests", path: () => "/", says: "it is a directory" },
  ])("of $option that cannot be used is rejected: $says", async ({ option, path, says }) => {
    const config = option === "--config" ? [] : ["--config", good()];
    const bad = path();
    const { exitCode, stdout, stderr } = await run(
      ["evaluate", "--dialect", "eppo", ...config, option, bad],
      REQUEST_TEXT,
    );
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(stderr.startsWith(`error: ${option} ${bad}: `)).toBe(true);
    expect(stderr).toContain(says);
  });

  it("with a configuration may start with a byte order mark", async () => {
    const path = tempFile("bom.json", `\ufeff${JSON.stringify(EXAMPLE)}`);
    const { exitCode } = await run(["evaluate", "--dialect", "eppo", "--config", path]);
    expect(exitCode).toBe(0);
  });
});
