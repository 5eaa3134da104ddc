import { describe, expect, it } from "vitest";
import { executableName, scriptCommand } from "../scripts/tools.mjs";

describe("scriptCommand", () => {
  it.each(["linux", "darwin"] as const)("starts the program itself on %s", (platform) => {
    expect(scriptCommand("npm", ["install", "a b"], platform)).toEqual({
      file: "npm",
      args: ["install", "a b"],
      shell: false,
    });
  });

  it.each([
    { args: ["install", "--prefix", "."], line: "npm install --prefix .", because: "plain" },
    { args: ["a b"], line: 'npm "a b"', because: "the shell splits at spaces" },
    { args: ["C:\\a\\b c"], line: 'npm "C:\\a\\b c"', because: "paths can have spaces" },
    { args: ["undici@^7"], line: 'npm "undici@^7"', because: "^ escapes the next character" },
    { args: ["a&b", "(c)"], line: 'npm "a&b" "(c)"', because: "& and ( are special" },
    {
      args: ["@sortition/core@1.0.0"],
      line: "npm @sortition/core@1.0.0",
      because: "it has no special characters",
    },
    { args: [""], line: 'npm ""', because: "an empty argument would vanish" },
  ])("passes the line $line to the Windows shell, because $because", ({ args, line }) => {
    expect(scriptCommand("npm", args, "win32")).toEqual({ file: line, args: [], shell: true });
  });

  it.each(['a"b', "%PATH%", "a\nb"])(
    "rejects %j on Windows, because it cannot be quoted",
    (argument) => {
      expect(() => scriptCommand("npm", [argument], "win32")).toThrow("an argument with");
    },
  );
});

describe("executableName", () => {
  it("ends in .exe on Windows", () => {
    expect(executableName("node", "win32")).toBe("node.exe");
    expect(executableName("node", "linux")).toBe("node");
  });
});
