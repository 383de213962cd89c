import { runService } from "@slipway/runtime";
import { nodeAgentParts } from "./app.ts";
import { nodeAgentConfig } from "./config.ts";

await runService({
  name: "node-agent",
  config: nodeAgentConfig,
  secretKeys: ["natsPassword", "registryPassword"],
  components: nodeAgentParts,
});
