import { readFileSync } from "node:fs";
import { type RecordedRequest, startTestServer, type TestServer } from "@sortition/test-kit";

/** Configurations of the examples, which the programs are copies of. */
const folder = new URL("../../../../apps/examples/", import.meta.url);

function read(file: string): string {
  return readFileSync(new URL(file, folder), "utf8");
}

/**
 * Starts a server of configurations: first `flags.json`, then a later version in which all subjects
 * are assigned the fast checkout. The key `shoes` gets flags with a bandit.
 */
export async function startShopServer(): Promise<TestServer> {
  const first = read("flags.json");
  let next = first;
  return startTestServer(({ path, query }) => {
    if (path === "/api/flag-config/v1/bandits") {
      return { kind: "answer", body: read("shoe-bandits.json") };
    }
    if (path !== "/api/flag-config/v1/config") return { kind: "answer", status: 404 };
    if (query.get("apiKey") === "shoes") return { kind: "answer", body: read("shoes.json") };
    const body = next;
    next = first.replace('"end": 5000', '"end": 10000');
    return { kind: "answer", body };
  });
}

/** Removes the name and version of the library from a request. */
export function comparableRequest({ method, path, query }: RecordedRequest): unknown {
  const named = new Map(query);
  const hasNames = named.delete("sdkName") && named.delete("sdkVersion");
  return { method, path, query: [...named], hasNames };
}
