import { library } from "../../tsup.config.base.ts";

export default library([
  ...["index", "dialect", "dialect-internal", "eppo", "internal", "kit", "precomputed"],
]);
