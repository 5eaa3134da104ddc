// All ways to end.
import "./file-logger.test.js";
