// Imports an SDK, and fetches flags from the server in the last argument.
import { timeStart } from "../../../process/time-start.js";
import { eppoWriter } from "../writer.js";

const [, , name = "", server = ""] = process.argv;
const { key } = eppoWriter.shop(1);

await timeStart({ expected: ["Buy now"], exits: true }, async (mark) => {
  if (name === "@growthbook/growthbook") {
    const { GrowthBook } = await import("@growthbook/growthbook");
    const growthbook = new GrowthBook({ apiHost: server, clientKey: "bench" });
    await growthbook.init();
    mark("init");
    return growthbook.getFeatureValue(key, "nothing");
  }
  const { init } = await import(name);
  const client = await init({ apiKey: "bench", baseUrl: server });
  mark("init");
  return client.getStringAssignment(key, "user-1", {}, "nothing");
});
