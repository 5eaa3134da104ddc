import { program } from "../../config/build/library.ts";

export default program(["main", "fleet/worker"]);
