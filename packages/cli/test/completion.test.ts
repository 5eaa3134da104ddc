import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { run, tempFile } from "./run.js";

function hasShell(shell: string): boolean {
  const isThere = spawnSync(shell, ["-c", "true"]).status === 0;
  if (!isThere) console.warn(`!!!!!!!! no ${shell}: its completion is not tested !!!!!!!!`);
  return isThere;
}

/** What bash completes for the words of a line; the last one is the one under the cursor. */
function bashCompletes(script: string, words: readonly string[]): readonly string[] {
  const quoted = words.map((word) => `'${word}'`).join(" ");
  const program = `source ${script}
COMP_WORDS=(${quoted}); COMP_CWORD=${words.length - 1}
_sortition
printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stderr, stdout } = spawnSync("bash", ["-c", program], { encoding: "utf8" });
  expect(stderr).toBe("");
  return stdout.split("\n").filter((line) => line !== "");
}

async function scriptFor(shell: string): Promise<string> {
  const { exitCode, stderr, stdout } = await run(["completion", shell]);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  return tempFile(`sortition.${shell}`, stdout);
}

describe.skipIf(!hasShell("bash"))("completion in bash", () => {
  it.each([
    { words: ["sortition", "e"], completes: ["evaluate", "explain"] },
    { words: ["sortition", "redis", ""], completes: ["status"] },
    { words: ["sortition", "evaluate", "--dialect", "p"], completes: ["posthog"] },
    { words: ["sortition", "evaluate", "--ba"], completes: ["--bandits", "--bandit-dedupe"] },
    { words: ["sortition", "inspect", "--j"], completes: ["--json"] },
    { words: ["sortition", "completion", "f"], completes: ["fish"] },
    { words: ["sortition", "help", "ins"], completes: ["inspect"] },
    { words: ["sortition", "evaluate", "--now", ""], completes: [] },
  ])("of $words is $completes", async ({ completes, words }) => {
    const found = bashCompletes(await scriptFor("bash"), words);
    expect([...found].sort()).toEqual([...completes].sort());
  });

  it("completes files after --config", async () => {
    const script = await scriptFor("bash");
    const file = tempFile("flags-of-mine.json", "{}");
    const start = file.slice(0, -5);
    expect(bashCompletes(script, ["sortition", "inspect", "--config", start])).toEqual([file]);
  });
});

describe.skipIf(!hasShell("zsh"))("completion in zsh", () => {
  it("is a script that the shell accepts", async () => {
    const script = await scriptFor("zsh");
    const program = `autoload -Uz compinit; compinit -u -D; source ${script}; print $_comps[sortition]`;
    const { stderr, stdout } = spawnSync("zsh", ["-fc", program], { encoding: "utf8" });
    expect({ stderr, stdout }).toEqual({ stderr: "", stdout: "_sortition\n" });
  });
});

describe.skipIf(!hasShell("fish"))("completion in fish", () => {
  it.each([
    { line: "sortition ev", completes: ["evaluate"] },
    { line: "sortition evaluate --dialect po", completes: ["posthog"] },
    { line: "sortition redis st", completes: ["status"] },
    { line: "sortition completion zs", completes: ["zsh"] },
  ])("of $line is $completes", async ({ completes, line }) => {
    const program = `source ${await scriptFor("fish")}; complete -C "${line}"`;
    const { stdout } = spawnSync("fish", ["--no-config", "-c", program], { encoding: "utf8" });
    const words = stdout.split("\n").map((found) => found.split("\t")[0]);
    expect(words.filter((word) => word !== "")).toEqual(completes);
  });
});

describe("completion", () => {
  it.each(["bash", "zsh", "fish"])("for %s knows every command", async (shell) => {
    const { stdout } = await run(["completion", shell]);
    for (const command of ["evaluate", "explain", "inspect", "redis", "completion"]) {
      expect(stdout).toContain(command);
    }
    expect(stdout).toContain("max-line-bytes");
  });
});
