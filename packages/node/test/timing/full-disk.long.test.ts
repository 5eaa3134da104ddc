import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { startChild, startTestServer } from "@sortition/test-kit";
import { describe, expect, it } from "vitest";
import { createFolder } from "../support/folder.js";
import { flagsAnswer } from "../support/servers.js";

const cwd = fileURLToPath(new URL("../..", import.meta.url));

/** Runs a command in a separate namespace with a small file system mounted at `$DIRECTORY`. */
const throughSmallDisk = (prepare: string): readonly string[] => [
  ...["unshare", "--user", "--map-root-user", "--mount", "sh", "-c"],
  `mount -t tmpfs -o size=256k,mode=755 tmpfs "$DIRECTORY" && ${prepare} && exec "$@"`,
  "sh",
];

/**
 * Checks whether the machine lets users mount anything. Some do not, even in a separate namespace.
 */
function canMount(): boolean {
  using folder = createFolder();
  const [command = "", ...args] = [...throughSmallDisk("true"), "true"];
  const env = { ...process.env, DIRECTORY: folder.path };
  return spawnSync(command, args, { env }).status === 0;
}

const SCRIPT = `
  import { readdirSync, rmSync } from "node:fs";
  import { createClient } from "@sortition/node";
  const directory = process.env.DIRECTORY;
  const client = createClient({
    apiKey: "key",
    baseUrl: process.env.BASE_URL,
    pollIntervalMs: null,
    diskCache: { directory },
  });
  const files = () => readdirSync(directory).filter((name) => name !== "filler").map((name) => name.split(".").at(-1));
  const disk = async (state) => {
    // A second failure does not change the state: it is over when its temporary file is gone.
    while (client.status.disk !== state || files().includes("tmp")) await new Promise((resolve) => setTimeout(resolve, 5));
    const answer = client.getStringAssignment("flag-1", "alice", {}, "default");
    console.error("seen " + JSON.stringify({ answer, files: files(), disk: client.status.disk }));
  };
  await client.refresh();
  await disk("failing");
  await client.refresh();
  await disk("failing");
  if (process.env.REPAIR === "yes") {
    rmSync(directory + "/filler");
    await client.refresh();
    await disk("ok");
  }
  await client.close();
`;

const SHARED = `
  import { readFileSync, writeFileSync, rmSync } from "node:fs";
  import { ndjsonLogger } from "@sortition/node";
  const directory = process.env.DIRECTORY;
  const path = directory + "/x.ndjson";
  const [ours, theirs] = [ndjsonLogger(path), ndjsonLogger(path)];
  const log = async (logger, subject, count, length) => {
    for (let i = 0; i < count; i++) logger.logAssignment({ subject, text: "x".repeat(length) });
    await logger.flush();
  };
  await log(ours, "before", 1, 0);
  await log(theirs, "theirs", 5, 0);
  try { writeFileSync(directory + "/filler", Buffer.alloc(1_000_000)); } catch {}
  await log(ours, "half", 100, 1_000);
  const { delivered, failed } = ours.stats();
  rmSync(directory + "/filler");
  await log(ours, "after", 1, 0);
  const subjects = readFileSync(path, "utf8").trimEnd().split("\\n").map((line) => {
    try { return JSON.parse(line).subject; } catch { return "torn"; }
  });
  console.log(JSON.stringify({ subjects, delivered, failed }));
`;

describe.skipIf(!canMount())("a file logger that shares its file with another logger", () => {
  it("counts the lines that were whole when the disk was full, and damages none", async () => {
    using folder = createFolder();
    const { exitCode, stdout } = await startChild({
      cwd,
      script: SHARED,
      through: throughSmallDisk("true"),
      env: { DIRECTORY: folder.path },
    }).ended;
    expect(exitCode).toBe(0);
    const { delivered, failed, subjects } = JSON.parse(stdout);
    expect(failed).toBeGreaterThan(0);
    expect(delivered + failed).toBe(101);
    expect(subjects.filter((it: string) => it !== "torn")).toEqual([
      "before",
      ...Array.from({ length: 5 }, () => "theirs"),
      ...Array.from({ length: delivered - 1 }, () => "half"),
      "after",
    ]);
    expect(subjects.at(-2)).toBe("torn");
  });
});

describe.skipIf(!canMount())("lifecycle §7 fault 21: a client whose disk cannot be written", () => {
  const run = async (prepare: string, env: Readonly<Record<string, string>>) => {
    using folder = createFolder();
    let version = 0;
    await using server = await startTestServer(() => {
      version += 1;
      return flagsAnswer(`v${version}`);
    });
    const result = await startChild({
      cwd,
      script: SCRIPT,
      through: throughSmallDisk(prepare),
      env: { BASE_URL: server.url, DIRECTORY: folder.path, ...env },
    }).ended;
    expect(result).toMatchObject({ exitCode: 0, stdout: "" });
    const seen = [...result.stderr.matchAll(/^seen (.*)$/gm)].map(([, json = ""]) =>
      JSON.parse(json),
    );
    const codes = [...result.stderr.matchAll(/systemCode: '(\w+)'/g)].map(([, code]) => code);
    return { seen, codes };
  };

  it("keeps serving while it is full, leaves no temporary file, and uses it again when there is room", async () => {
    const fill = 'cat /dev/zero > "$DIRECTORY/filler" 2>/dev/null; true';
    const { seen, codes } = await run(fill, { REPAIR: "yes" });
    expect(seen).toEqual([
      { answer: "v1", files: [], disk: "failing" },
      { answer: "v2", files: [], disk: "failing" },
      { answer: "v3", files: ["cache"], disk: "ok" },
    ]);
    expect(codes).toEqual(["ENOSPC"]);
  });

  it("keeps serving while it is read-only", async () => {
    const { seen, codes } = await run('mount -o remount,ro "$DIRECTORY"', {});
    expect(seen).toEqual([
      { answer: "v1", files: [], disk: "failing" },
      { answer: "v2", files: [], disk: "failing" },
    ]);
    expect(codes).toEqual(["EROFS"]);
  });
});
