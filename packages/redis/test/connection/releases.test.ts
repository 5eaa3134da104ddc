import { writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { isInPart, selfSignedCertificate } from "@sortition/test-kit";
import {
  freePort,
  hasRedis,
  type RedisServer,
  startRedis,
  startWorker,
  type WorkerProcess,
} from "@sortition/test-kit/redis";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Access, Way } from "./connect-program.js";
import { answerAsSentinel, listen, portOf } from "./fake-sentinel.js";

const ENTRY = fileURLToPath(new URL("./connect-program.ts", import.meta.url));
const PACKAGE = fileURLToPath(new URL("../..", import.meta.url));
/** Releases of ioredis by their names in package.json. */
const RELEASES = { "5.4": "ioredis54", "5.11": "ioredis5", "6": "ioredis" } as const;

const SINGLE = ["url", "options", "client", "factory"] as const;
const CLUSTER = ["cluster", "cluster factory"] as const;
/** What the program returns: the replies of each connection, and a message. */
const CONNECTED = ["k", "a", "PONG", "PONG", "hello"];

describe.skipIf(!hasRedis)("every kind of connection", () => {
  const certificate = selfSignedCertificate();
  let folder: string;
  let server: RedisServer;
  let tlsPort: number;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "sortition-tls-"));
    const fileOf = (name: string, pem: string): string => {
      const file = join(folder, name);
      writeFileSync(file, pem, { mode: 0o600 });
      return file;
    };
    const cert = fileOf("cert.pem", certificate.cert);
    const key = fileOf("key.pem", certificate.key);
    tlsPort = await freePort();
    // A Cluster of one node, which also accepts clients that do not know about Clusters.
    server = await startRedis({
      args: [
        ...["--cluster-enabled", "yes", "--cluster-announce-ip", "127.0.0.1"],
        ...["--tls-cluster", "yes", "--tls-port", String(tlsPort), "--tls-auth-clients", "no"],
        ...["--tls-cert-file", cert, "--tls-key-file", key, "--tls-ca-cert-file", cert],
      ],
    });
    await server.command("CLUSTER", "ADDSLOTSRANGE", 0, 16_383);
    const info = async (): Promise<string> => String(await server.command("CLUSTER", "INFO"));
    while (!/cluster_state:ok/.test(await info())) await delay(20);
    const all = ["on", "~*", "&*", "+@all"];
    await server.command("ACL", "SETUSER", "worker", ...all, ">p@ss");
    // The connection of the test stays authenticated.
    await server.command("ACL", "SETUSER", "default", "resetpass", ">secret");
  });
  afterAll(async () => {
    await server.close();
    await rm(folder, { recursive: true });
  });

  describe.each(Object.entries(RELEASES))("with ioredis %s", (release, ioredis) => {
    const row = Object.keys(RELEASES).indexOf(release);
    /** Each release has other ways in a part. */
    const some = <Ways extends Way>(ways: readonly Ways[]): readonly Ways[] =>
      ways.filter((_, i) => isInPart(row, i));
    let program: WorkerProcess;

    beforeAll(async () => {
      const aliases = { ioredis };
      program = await startWorker({ entry: ENTRY, cwd: PACKAGE, options: {}, aliases });
    });
    afterAll(() => void program.kill("SIGKILL"));

    const connect = (way: Way, access: Partial<Access>): Promise<unknown> =>
      program.ask("connect", { way, access: { host: server.host, port: server.port, ...access } });

    it.each(some([...SINGLE, ...CLUSTER]))("sends a password: %s", async (way) => {
      expect(await connect(way, { password: "secret" })).toEqual(CONNECTED);
      await expect(connect(way, { password: "wrong" })).rejects.toThrow(/^redis /);
    });

    it.each(some([...CLUSTER, ...SINGLE]))(
      "sends the name and password of an ACL user: %s",
      async (way) => {
        // A special character, which a URL has percent-encoded.
        const password = way === "url" ? encodeURIComponent("p@ss") : "p@ss";
        expect(await connect(way, { username: "worker", password })).toEqual(CONNECTED);
      },
    );

    it.each(some([...SINGLE.slice(1), ...CLUSTER]))(
      "uses TLS with the given certificate: %s",
      async (way) => {
        const tls = { ca: certificate.cert, servername: "test" };
        const access = { port: tlsPort, username: "worker", password: "p@ss" };
        expect(await connect(way, { ...access, tls })).toEqual(CONNECTED);
        // Without the certificate of its authority, the server is not trusted.
        await expect(connect(way, { ...access, tls: {} })).rejects.toThrow();
      },
    );

    it.each(some(["options", "client", "factory"]))(
      "asks a Sentinel, and sends the credentials to the server: %s",
      async (way) => {
        const sentinel = await listen((socket) => answerAsSentinel(socket, server.port));
        const found = { sentinels: [portOf(sentinel)], name: "main" };
        const credentials = { username: "worker", password: "p@ss" };
        expect(await connect(way, { ...found, ...credentials })).toEqual(CONNECTED);
        sentinel.close();
      },
    );
  });
});
