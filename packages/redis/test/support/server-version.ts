import { spawnSync } from "node:child_process";

/** Version of the server that tests start; zeros without one. */
export function serverVersion(): readonly [major: number, minor: number, name: string] {
  const program = process.env["REDIS_SERVER_BIN"] ?? "";
  if (program === "") return [0, 0, ""];
  const { stdout = "" } = spawnSync(program, ["--version"], { encoding: "utf8" });
  const [, name = "", major = "0", minor = "0"] = /^(\S+) .*?v=(\d+)\.(\d+)/.exec(stdout) ?? [];
  return [Number(major), Number(minor), name.toLowerCase()];
}
