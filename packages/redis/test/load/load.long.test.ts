import "./load.test.js";
