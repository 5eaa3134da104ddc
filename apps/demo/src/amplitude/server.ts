import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** Amplitude's servers on loopback. */
export interface AmplitudeServer {
  readonly url: string;
  close(): void;
}

/** Serves flags, and one cohort. */
export async function startAmplitudeServer(
  flags: readonly object[],
  cohort: object,
): Promise<AmplitudeServer> {
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(`http://localhost${request.url}`);
    const isFlags = pathname === "/sdk/v2/flags";
    if (!isFlags && !pathname.startsWith("/sdk/v1/cohort/")) response.writeHead(404).end();
    else if (searchParams.has("lastModified")) response.writeHead(204).end();
    else response.end(JSON.stringify(isFlags ? flags : cohort));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo; // an object, because it listens on a TCP port
  return {
    url: `http://127.0.0.1:${port}`,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
