import { expect, it } from "vitest";
import { createClient } from "../../../test/eppo-client.js";

it("reports an event that does not exist once, with the events that do", () => {
  const warnings: string[] = [];
  const ignore = (): void => {};
  const warn = (message: string): void => void warnings.push(message);
  const diagnostics = { debug: ignore, info: ignore, error: ignore, warn };
  const client = createClient({ assignmentLogger: null, diagnostics });
  client.on("update" as "ready", ignore);
  client.on("update" as "ready", ignore);
  client.on("ready", ignore);
  expect(warnings).toEqual([
    'no event "update": on("configuration-changed", …) is called for a new configuration; the events are ready, configuration-changed, stale, fresh, error, exposures-dropped, closed',
  ]);
});
