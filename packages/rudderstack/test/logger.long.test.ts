// Requests of the library alone.
import "./logger.test.js";
