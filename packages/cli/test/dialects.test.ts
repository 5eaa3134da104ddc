import { describe, expect, it } from "vitest";
import type { CliDialect, DialectTable } from "../src/dialects/dialect.js";
import { DIALECTS } from "../src/dialects/table.js";
import { EXAMPLE } from "./eppo/eppo-config.js";
import { jsonFile, ndjson, run } from "./run.js";

const REQUEST = { flag: "new-checkout", type: "boolean", subjectKey: "user-1" };

/** A table with an additional dialect, which is Eppo's under another name and with another option. */
function tableWithOther() {
  const loaded: string[] = [];
  const other = async (): Promise<CliDialect> => {
    loaded.push("other");
    const eppo = await DIALECTS["eppo"]!(); // exists in the table
    const option = { name: "other-key", value: "KEY", help: ["a key"] };
    return {
      ...eppo,
      name: "other",
      options: [{ ...option, commands: ["evaluate", "inspect"] }],
      explain: {
        ...eppo.explain,
        requestOf: ({ flag, subjectKey }) => ({
          request: { flag, subjectKey, type: "boolean" },
          type: null,
        }),
        valueText: ({ value }) => `<${value}>`,
        extrasOf: () => ({ fields: { extra: 1 }, paragraphs: [["one more paragraph"]] }),
      },
    };
  };
  const eppo = async (): Promise<CliDialect> => {
    loaded.push("eppo");
    return await DIALECTS["eppo"]!(); // exists in the table
  };
  const dialects: DialectTable = { eppo, other };
  return { dialects, loaded };
}

function config(): string {
  return jsonFile("dialects.json", EXAMPLE);
}

describe("a dialect in the table", () => {
  it("evaluates under its name, without loading other dialects", async () => {
    const { dialects, loaded } = tableWithOther();
    const args = ["evaluate", "--dialect", "other", "--config", config(), "--other-key", "k"];
    const { exitCode, stderr, stdout } = await run(args, ndjson([REQUEST]), { dialects });
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(JSON.parse(stdout)).toMatchObject({ id: 1, value: null });
    expect(loaded).toEqual(["other"]);
  });

  it("shows its value and its additional output in sortition explain", async () => {
    const { dialects } = tableWithOther();
    const args = ["explain", "new-checkout", "--config", config(), "--subject", "user-1"];
    const { stdout } = await run([...args, "--dialect", "other"], "", { dialects });
    expect(stdout).toMatch(/^new-checkout for user-1 at /);
    expect(stdout).toContain("Answer   <null>, the default: no allocation applies\n");
    expect(stdout).toMatch(/\n\none more paragraph\n$/);
    const json = await run([...args, "--dialect", "other", "--json"], "", { dialects });
    expect(JSON.parse(json.stdout)).toMatchObject({ extra: 1, value: null });
    expect(JSON.parse(json.stdout)).not.toHaveProperty("type");
  });

  it("is detected without loading other dialects", async () => {
    const { dialects, loaded } = tableWithOther();
    await run(["inspect", "--config", config()], "", { dialects });
    expect(loaded).toEqual(["eppo"]);
  });

  it.each([
    { args: ["evaluate", "--dialect", "eppo", "--other-key", "k"], option: "--other-key" },
    { args: ["evaluate", "--dialect", "other", "--bandits", "x"], option: "--bandits" },
    {
      args: ["explain", "f", "--subject", "u", "--dialect", "other", "--other-key", "k"],
      option: "--other-key",
    },
  ])("rejects the options of other dialects and commands: $args", async ({ args, option }) => {
    const { dialects } = tableWithOther();
    const { exitCode, stderr } = await run([...args, "--config", config()], "", { dialects });
    expect(exitCode).toBe(2);
    expect(stderr).toContain(`'${option}'`);
  });

  it("appears in the help of each command with the options that the command accepts", async () => {
    const { dialects } = tableWithOther();
    const help = async (command: string): Promise<string> =>
      (await run([command, "--help"], "", { dialects })).stdout;
    expect(await help("evaluate")).toContain("--dialect eppo|other");
    expect(await help("evaluate")).toContain("--other-key KEY");
    expect(await help("explain")).not.toContain("--other-key KEY");
    expect(await help("explain")).toContain("--actions JSON");
    expect(await help("inspect")).toContain("--other-key KEY");
    expect(await help("inspect")).not.toContain("--actions JSON");
  });
});
