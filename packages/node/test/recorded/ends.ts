import type { Situation } from "@sortition/dialect-kit/request-recorder";
import { init } from "../../src/index.js";
import { createFolder } from "../support/folder.js";
import { CONFIG, clientOf, flags, look, optionsFor } from "./client.js";

/** Disk copies, the instance of a process, loggers, and ends of processes. */
export const ENDS: readonly Situation[] = [
  {
    name: "a copy on disk: the first start writes it, the second one needs no server",
    async play(stage) {
      const folder = createFolder();
      stage.finally(() => folder[Symbol.dispose]());
      const diskCache = { directory: folder.path };
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
