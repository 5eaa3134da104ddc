// With Redis.
import "./remote-eval.test.js";
