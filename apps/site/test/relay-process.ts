import { type ChildProcess, spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, vi } from "vitest";

const command = join(import.meta.dirname, "../../../packages/relay/dist/main.js");

/** A ready relay in its own process. */
export interface RelayProcess {
  readonly url: string;
  /** URL of its pages. */
  readonly admin: string;
  readonly child: ChildProcess;
}

/** Starts a relay, and waits until it is ready. @param folder - folder for its configuration. */
export async function startRelay(folder: string, ...environments: object[]): Promise<RelayProcess> {
  const file = join(folder, "relay.json");
  const content = { listen: 0, admin: { listen: 0 }, environments };
  writeFileSync(file, JSON.stringify(content));
  const child = spawn(process.execPath, [command, "--config", file]);
  let text = "";
  child.stdout.setEncoding("utf8").on("data", (data: string) => {
    text += data;
  });
  await vi.waitFor(() => expect(text).toContain('"url"'), { timeout: 10_000 });
  const [, url = ""] = /"url":"([^"]+)"/.exec(text) ?? [];
  const [, admin = ""] = /"admin":"([^"]+)"/.exec(text) ?? [];
  await vi.waitFor(async () => expect((await fetch(`${url}/readyz`)).status).toBe(200));
  return { admin, child, url };
}
