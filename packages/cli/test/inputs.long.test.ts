import "./inputs.test.js";
