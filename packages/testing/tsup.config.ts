import { library } from "../../config/build/library.ts";

export default library({ commentsInMaps: false, bundled: ["proof", "test-kit"] });
