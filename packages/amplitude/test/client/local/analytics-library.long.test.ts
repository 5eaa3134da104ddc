// Modules of both kinds.
import "./analytics-library.test.js";
