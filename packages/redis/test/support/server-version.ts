import { spawnSync } from "node:child_process";

/** Returns the version of the server that tests start, or zeros if there is none. */
export function serverVersion(): readonly [major: number, minor: number] {
  const program = process.env["REDIS_SERVER_BIN"] ?? "";
  if (program === "") return [0, 0];
  const { stdout = "" } = spawnSync(program, ["--version"], { encoding: "utf8" });
  const [, major = "0", minor = "0"] = /v=(\d+)\.(\d+)/.exec(stdout) ?? [];
  return [Number(major), Number(minor)];
}
