import "./body-limits.test.js";
