// Also the types.
import "./programs.test.js";
