import "./differential.test.js";
