// All flags for each context.
import "./openfeature.test.js";
