import "./fleet.test.js";
