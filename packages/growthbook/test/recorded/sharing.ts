import type { Situation, Stage } from "@sortition/dialect-kit/request-recorder";
import type { GrowthBook, GrowthBookClient } from "../../src/index.js";
import { DECRYPTION_KEY, encrypted } from "../encryption.js";
import {
  EVALUATION,
  FEATURES,
  instance,
  look,
  multiUser,
  payload,
  push,
  pushFeatures,
  STREAM,
  streamed,
} from "./client.js";

function serve(stage: Stage, ...versions: readonly string[]): void {
  stage.server.on(STREAM, "stream");
  stage.server.on(FEATURES, ...versions.map((version) => streamed(version, 100)));
}

/** Creates several streaming instances with one key. */
async function several(
  stage: Stage,
  count: number,
): Promise<readonly (GrowthBook | GrowthBookClient)[]> {
  const all = Array.from({ length: count }, (_, i) =>
    i % 2 === 0 ? instance(stage) : multiUser(stage),
  );
  for (const [i, it] of all.entries()) stage.settles(`init ${i}`, it.init({ streaming: true }));
  await stage.advance(200);
  return all;
}

/** What instances with the same key share. */
export const SHARING: readonly Situation[] = [
  {
    name: "one request and one stream for four instances, until the last has ended",
    async play(stage) {
      serve(stage, "a", "b");
      const all = await several(stage, 4);
      await pushFeatures(stage, "c");
      await push(stage, "features-updated", "");
      await stage.advance(200);
      for (const it of all) {
        look(stage, it);
        it.destroy();
        await stage.advance(10_000);
      }
    },
  },
  {
    name: "an instance within five seconds of the last one, and one after them",
    async play(stage) {
      serve(stage, "a");
      for (const pauseMs of [4_000, 5_500, 0]) {
        const [it] = await several(stage, 1);
        it?.destroy();
        await stage.advance(pauseMs);
      }
      await stage.advance(6_000);
    },
  },
  {
    name: "changes while nobody follows the stream",
    async play(stage) {
      serve(stage, "a", "b", "d");
      const [first] = await several(stage, 1);
      first?.destroy();
      await pushFeatures(stage, "c");
      await stage.advance(1_000);
      const [second] = await several(stage, 1);
      if (second !== undefined) look(stage, second);
      second?.destroy();
      await push(stage, "features-updated", "");
      await stage.advance(1_000);
      const [third] = await several(stage, 1);
      await stage.advance(1_000);
      if (third !== undefined) look(stage, third);
      third?.destroy();
      await stage.advance(6_000);
    },
  },
  {
    name: "a second instance that polls, and a third that does neither",
    async play(stage) {
      serve(stage, "a", "b");
      const [first] = await several(stage, 1);
      const second = instance(stage);
      stage.settles("second init", second.init({ pollingInterval: 10_000 }));
      const third = instance(stage);
      stage.settles("third init", third.init());
      await stage.advance(20_000);
      await pushFeatures(stage, "c");
      look(stage, second);
      look(stage, third);
      first?.destroy();
      await stage.advance(30_000);
      second.destroy();
      third.destroy();
      await stage.advance(6_000);
    },
  },
  {
    name: "the end of one during a request that the other waits for",
    async play(stage) {
      serve(stage, "a", "b");
      const first = instance(stage);
      const second = instance(stage);
      stage.settles("first init", first.init({ streaming: true }));
      stage.settles("second init", second.init({ streaming: true }));
      await stage.advance(50);
      first.destroy();
      await stage.advance(1_000);
      look(stage, second);
      second.destroy();
      await stage.advance(6_000);
    },
  },
  {
    name: "two keys and two hosts, with a connection each",
    async play(stage) {
      stage.server.on("/sub/*", "stream");
      stage.server.on("/api/features/*", streamed("a"));
      const all = [
        instance(stage),
        instance(stage, { clientKey: "other" }),
        instance(stage, { apiHost: "https://other.test" }),
      ];
      for (const gb of all) stage.settles("init", gb.init({ streaming: true }));
      await stage.advance(1_000);
      stage.server.streams[1]?.send(JSON.stringify(payload("c")), "features");
      await stage.advance(1_000);
      for (const gb of all) look(stage, gb);
      all[1]?.destroy();
      await stage.advance(6_000);
      all[0]?.destroy({ destroyAllStreams: true });
      await stage.advance(6_000);
      all[2]?.destroy();
    },
  },
  {
    name: "encrypted features for instances with two keys",
    async play(stage) {
      serve(stage, "a");
      const first = instance(stage, { decryptionKey: DECRYPTION_KEY });
      const second = instance(stage);
      for (const gb of [first, second]) stage.settles("init", gb.init({ streaming: true }));
      await stage.advance(200);
      const encryptedFeatures = await encrypted(payload("c").features);
      const text = JSON.stringify({ dateUpdated: "2", features: {}, encryptedFeatures });
      for (const stream of stage.server.streams) stream.send(text, "features");
      await stage.advance(100);
      look(stage, first);
      look(stage, second);
      first.destroy();
      second.destroy();
      await stage.advance(6_000);
    },
  },
  {
    name: "an instance whose setPayload throws, beside another one",
    async play(stage) {
      serve(stage, "a");
      const [first, second] = await several(stage, 2);
      if (first === undefined || second === undefined) return;
      first.setPayload = () => Promise.reject(new Error("not this one"));
      await pushFeatures(stage, "c");
      look(stage, first);
      look(stage, second);
      first.destroy();
      second.destroy();
      await stage.advance(6_000);
    },
  },
  {
    name: "local and remote evaluation of one key",
    async play(stage) {
      serve(stage, "a", "b");
      stage.server.on(EVALUATION, streamed("alice"), streamed("bob"));
      const local = instance(stage);
      const remote = instance(stage, { remoteEval: true, attributes: { id: "alice" } });
      for (const gb of [local, remote]) stage.settles("init", gb.init({ streaming: true }));
      await stage.advance(200);
      await push(stage, "features-updated", "");
      await stage.advance(200);
      await pushFeatures(stage, "c");
      look(stage, local);
      look(stage, remote);
      local.destroy();
      remote.destroy();
      await stage.advance(6_000);
    },
  },
];
