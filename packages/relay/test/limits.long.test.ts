// All paths.
import "./limits.test.js";
