import { readFileSync } from "node:fs";
import type { ServerResponse } from "node:http";
import { type LoopbackServer, startLoopbackServer } from "../loopback-server.js";

const FLAGS = new URL("../../../amplitude-flags.json", import.meta.url);

/** Starts Amplitude's servers: flags, remote evaluation, one cohort, and the upload of events. */
export async function startExperimentServer(): Promise<LoopbackServer> {
  const json = (response: ServerResponse, body: unknown): void => {
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(body));
  };
  return await startLoopbackServer(
    (request, response) => {
      const { pathname } = new URL(request.url ?? "/", "http://localhost");
      if (pathname === "/sdk/v2/flags") response.end(readFileSync(FLAGS));
      else if (pathname === "/sdk/v2/vardata") json(response, variantsFor(request.headers));
      else if (pathname === "/sdk/v1/cohort/early-access") json(response, COHORT);
      else if (pathname === "/2/httpapi")
        request.resume().once("end", () => json(response, { code: 200 }));
      else response.writeHead(404).end();
    },
    (url) => ({ AMPLITUDE_SERVER_URL: url, AMPLITUDE_UPLOAD_URL: `${url}/2/httpapi` }),
  );
}

const COHORT = {
  cohortId: "early-access",
  groupType: "User",
  groupTypeId: 0,
  lastComputed: 1,
  lastModified: 1,
  size: 1,
  memberIds: ["anna"],
};

const VARIANTS: Readonly<Record<string, object>> = {
  "new-checkout": { key: "on", value: "on", payload: { title: "Pay faster" } },
  banner: { key: "off", metadata: { default: true } },
};

/** The flags that the request names; all without a list. */
function variantsFor(headers: Readonly<Record<string, unknown>>): object {
  const list = headers["x-amp-exp-flag-keys"];
  if (typeof list !== "string") return VARIANTS;
  const keys: unknown = JSON.parse(Buffer.from(list, "base64url").toString());
  if (!Array.isArray(keys)) return {};
  return Object.fromEntries(Object.entries(VARIANTS).filter(([key]) => keys.includes(key)));
}
