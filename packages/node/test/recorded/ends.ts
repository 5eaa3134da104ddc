import { readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Situation, Stage } from "@sortition/dialect-kit/request-recorder";
import { init } from "../../src/index.js";
import { createFolder } from "../support/folder.js";
import { CONFIG, clientOf, flags, look, optionsFor } from "./client.js";

function folderFor(stage: Stage): string {
  const folder = createFolder();
  stage.finally(() => folder[Symbol.dispose]());
  return folder.path;
}

/** Disk copies, the instance of a process, loggers, and ends of processes. */
export const ENDS: readonly Situation[] = [
  {
    name: "a copy on disk: the first start writes it, the second one needs no server",
    async play(stage) {
      const diskCache = { directory: folderFor(stage) };
      stage.server.on(CONFIG, flags("a"), flags("b"), "hang", "hang", 304);
      const first = clientOf(stage, { diskCache });
      await stage.advance(20_000);
      await first.close();
      await stage.advance(60_000);
      const second = clientOf(stage, { diskCache });
      await stage.advance(1_000);
      look(stage, second);
      await stage.advance(60_000);
      look(stage, second);
      await second.close();
    },
  },
  {
    name: "a copy on disk that is garbage",
    async play(stage) {
      const directory = folderFor(stage);
      stage.server.on(CONFIG, flags("a"), 500, flags("b"));
      const first = clientOf(stage, { diskCache: { directory } });
      await stage.advance(1_000);
      await first.close();
      for (const name of readdirSync(directory)) writeFileSync(join(directory, name), "garbage");
      const second = clientOf(stage, { diskCache: { directory } });
      await stage.advance(10_000);
      look(stage, second);
      await second.close();
    },
  },
  {
    name: "a copy on disk that is too old",
    async play(stage) {
      const directory = folderFor(stage);
      stage.server.on(CONFIG, flags("a"), 500, 500, flags("b"));
      const first = clientOf(stage, { diskCache: { directory } });
      await stage.advance(1_000);
      await first.close();
      await stage.advance(600_000);
      const second = clientOf(stage, { diskCache: { directory, maxAgeMs: 60_000 } });
      await stage.advance(10_000);
      look(stage, second);
      await second.close();
    },
  },
  {
    name: "a copy on disk that cannot be written",
    async play(stage) {
      const directory = join(folderFor(stage), "file");
      stage.server.on(CONFIG, { ...(flags("a") as object), afterMs: 1_000 }, flags("b"), 304);
      const client = clientOf(stage, { diskCache: { directory } });
      // The folder is replaced while the client waits for the network, so that the disk and the network never race.
      await stage.advance(500);
      rmSync(directory, { recursive: true });
      writeFileSync(directory, "");
      await stage.advance(39_500);
      rmSync(directory);
      look(stage, client);
      await client.close();
    },
  },
  {
    name: "init twice: the second instance replaces the first when it is ready",
    async play(stage) {
      stage.server.on(CONFIG, flags("a"), { ...(flags("b") as object), afterMs: 2_000 }, 304);
      const first = init(optionsFor(stage));
      stage.settles(
        "first init",
        first.then(() => "a client"),
      );
      await stage.advance(1_000);
      const second = init(optionsFor(stage));
      stage.settles(
        "second init",
        second.then(() => "a client"),
      );
      await stage.advance(40_000);
      look(stage, await first);
      look(stage, await second);
      await (await second).close();
    },
  },
  {
    name: "init without a server, which rejects, or resolves",
    async play(stage) {
      stage.server.on(CONFIG, 500);
      const failing = init({ ...optionsFor(stage), throwOnFailedInitialization: true });
      stage.settles("strict init", failing);
      await stage.advance(10_000);
      const client = init({ ...optionsFor(stage), initializationTimeoutMs: 2_000 });
      stage.settles(
        "init",
        client.then(() => "a client"),
      );
      await stage.advance(10_000);
      await (await client).close();
    },
  },
  {
    name: "a logger that fails, and a flush",
    async play(stage) {
      stage.server.on(CONFIG, flags("a"));
      let calls = 0;
      const client = clientOf(stage, {
        assignmentLogger: {
          logAssignment({ subject }) {
            calls += 1;
            stage.note("exposure", subject);
            if (calls === 1) throw new Error("no");
            return calls === 2 ? Promise.reject(new Error("not now")) : new Promise(() => {});
          },
        },
      });
      await stage.advance(100);
      for (const subject of ["alice", "bob", "carol", "alice"]) {
        client.getStringAssignment("flag-1", subject, {}, "default");
        await stage.advance(100);
      }
      stage.settles("flush", client.flush({ timeoutMs: 500 }));
      await stage.advance(1_000);
      stage.settles("close", client.close({ timeoutMs: 700 }));
      await stage.advance(60_000);
    },
  },
  {
    name: "close with events under way, which ends when they are delivered",
    async play(stage) {
      stage.server.on(CONFIG, flags("a"));
      const client = clientOf(stage, {
        assignmentLogger: {
          logAssignment: () =>
            new Promise<void>((resolve) => {
              setTimeout(resolve, 400);
            }),
        },
      });
      await stage.advance(100);
      client.getStringAssignment("flag-1", "alice", {}, "default");
      stage.settles("close", client.close());
      await stage.advance(5_000);
    },
  },
];
