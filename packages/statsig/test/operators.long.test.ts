import "./operators.test.js";
