import { program } from "../../tsup.config.base.ts";

export default program(["main", "worker"], {
  bundled: ["@sortition/openfeature", "@sortition/page-style"],
});
