import { containerEngineContract } from "../contract.ts";
import { dockerHarness } from "./contract-harness.ts";

containerEngineContract("Docker Engine", dockerHarness);
