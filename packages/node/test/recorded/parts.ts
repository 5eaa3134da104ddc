import type { ScriptedReply, Situation } from "@sortition/dialect-kit/request-recorder";
import { flag, flagsBody } from "../support/flags.js";
import { BANDITS, CONFIG, clientOf, flags, look } from "./client.js";

function flagsWithModel(modelVersion: string, value: string): ScriptedReply {
  const body = JSON.parse(flagsBody(value));
  body.flags["shop"] = flag("shop", "recommender");
  const place = { flagKey: "shop", allocationKey: "all-recommender" };
  const variation = { variationKey: "recommender", variationValue: "recommender" };
  body.banditReferences = {
    recommender: { modelVersion, flagVariations: [{ key: "recommender", ...place, ...variation }] },
  };
  return { body, headers: { etag: `"${value}"` } };
}

function models(...versions: readonly string[]): ScriptedReply {
  const modelData = {
    gamma: 1,
    defaultActionScore: 0,
    actionProbabilityFloor: 0,
    coefficients: {},
  };
  const facts = { banditKey: "recommender", modelName: "falcon", modelData };
  const bandits = Object.fromEntries(
    versions.map((modelVersion) => ["recommender", { ...facts, modelVersion }]),
  );
  return { body: { bandits }, headers: { etag: `"${versions.join("-")}"` } };
}

/** Configurations of two parts: flags and bandit models. */
export const PARTS: readonly Situation[] = [
  {
    name: "models that are refused at the start",
    async play(stage) {
      stage.server.on(CONFIG, flagsWithModel("v1", "a"), 304);
      stage.server.on(BANDITS, 401, 401, models("v1"));
      const client = clientOf(stage);
      await stage.advance(5_000);
      look(stage, client);
      await stage.advance(120_000);
      look(stage, client);
      await client.close();
    },
  },
  {
    name: "flags that cease to need models",
    async play(stage) {
      stage.server.on(CONFIG, flagsWithModel("v1", "a"), flags("b"), 304);
      stage.server.on(BANDITS, models("v1"));
      const client = clientOf(stage);
      await stage.advance(120_000);
      await client.close();
    },
  },
  {
    name: "flags that hang, and then models: one deadline for both",
    async play(stage) {
      stage.server.on(CONFIG, { ...(flagsWithModel("v1", "a") as object), afterMs: 3_000 });
      stage.server.on(BANDITS, "hang", models("v1"));
      const client = clientOf(stage);
      await stage.advance(60_000);
      await client.close();
    },
  },
];
