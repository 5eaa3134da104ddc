import type { Clock, Diagnostics } from "@sortition/core";
import type { Environment } from "../environment/environment.js";
import { dialectOf } from "../environment/sources.js";
import { History } from "./history.js";
import { HistoryFiles } from "./history-files.js";

/** Creates the history of an environment, which records each configuration that it serves from now on. */
export function historyOf(
  environment: Environment,
  { clock, diagnostics }: { readonly clock: Clock; readonly diagnostics: Diagnostics },
): History {
  const { config, name } = environment;
  const { dialect, diskCache } = config;
  const files =
    diskCache === null
      ? null
      : new HistoryFiles(diskCache.directory, name, { dialect, diagnostics });
  const history = new History({
    ...{ clock, diagnostics, files },
    dialectName: dialect,
    dialect: dialectOf(config),
  });
  const record = (): void => {
    const { answers, configuration } = environment;
    if (answers !== null && configuration !== null) history.record(configuration, answers);
  };
  record();
  environment.onChange(record);
  return history;
}
