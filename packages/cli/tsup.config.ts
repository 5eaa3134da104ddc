import { program } from "../../config/build/library.ts";

export default program(["main", "worker"], { sourcesInMaps: false });
