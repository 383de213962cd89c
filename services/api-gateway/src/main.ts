import { runService } from "@slipway/runtime";
import { gatewayParts } from "./app.ts";
import { gatewayConfig } from "./config.ts";

await runService({
  name: "api-gateway",
  config: gatewayConfig,
  secretKeys: ["databaseUrl", "natsPassword", "ownerToken"],
  components: gatewayParts,
});
