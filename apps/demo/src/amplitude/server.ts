import { type LoopbackServer, startLoopbackServer } from "../loopback-server.js";

/** Starts Amplitude's servers: flags, and one cohort. */
export function startAmplitudeServer(
  flags: readonly object[],
  cohort: object,
): Promise<LoopbackServer> {
  return startLoopbackServer((request, response) => {
    const { pathname, searchParams } = new URL(`http://localhost${request.url}`);
    const isFlags = pathname === "/sdk/v2/flags";
    if (!isFlags && !pathname.startsWith("/sdk/v1/cohort/")) response.writeHead(404).end();
    else if (searchParams.has("lastModified")) response.writeHead(204).end();
    else response.end(JSON.stringify(isFlags ? flags : cohort));
  });
}
